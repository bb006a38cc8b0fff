//! What an index promises, held against the embedded engine, and against a server when
//! `QDRANT_URL` names one.

mod cases;
#[cfg(feature = "embedded")]
mod folder;
mod server;

/// Runs every case on both engines.
macro_rules! suite {
    ($($case:ident),* $(,)?) => {
        #[cfg(feature = "embedded")]
        mod embedded_index {
            $(#[test]
            fn $case() {
                let home = tempfile::tempdir().unwrap();
                super::cases::$case(&mut super::folder::open(home.path()).unwrap());
            })*
        }

        mod server_index {
            $(#[test]
            fn $case() {
                super::server::with_collection(stringify!($case), |server| {
                    super::cases::$case(server);
                });
            })*
        }
    };
}

suite! {
    a_stored_point_is_found_as_it_was,
    a_point_takes_the_place_of_the_one_with_its_id,
    a_deleted_point_is_gone,
    a_rare_term_weighs_more_than_a_common_one,
    each_vector_has_an_order_of_its_own,
    equal_scores_come_in_the_same_order_each_time,
    a_search_for_nothing_finds_nothing,
    a_span_is_half_open_on_both_sides,
    several_spans_are_alternatives,
    an_undated_point_passes_no_span,
    a_left_out_span_leaves_out_what_overlaps_it,
    only_a_single_day_is_on_a_weekday,
    every_tag_must_be_there,
    one_mention_of_those_asked_for_is_enough,
    a_note_is_its_root_and_its_path,
    a_filter_holds_inside_the_search,
    a_scroll_gives_back_every_point_once,
    a_vector_of_another_dimension_is_refused,
    a_point_without_vectors_is_still_counted,
    a_point_is_given_back_whole,
    every_id_is_named_once,
}
