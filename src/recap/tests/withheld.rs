//! What may not leave the machine, against recaps, comparisons and what they would cost.

use std::sync::{Arc, atomic::Ordering};

use super::{Logbook, Noting, compare::compared, wanted};
use crate::{
    ask::MadeBy,
    privacy::{Guard, Rules},
    recap::{comparison, comparison_preview, preview},
};

/// A remote model.
fn remote() -> Noting {
    Noting { is_remote: true, ..Noting::default() }
}

/// A logbook of two years: every third entry of each is of `home`, some of them about someone who is
/// named nowhere else, and some of the others have a password in them.
fn mixed(masks_secrets: bool, local_only: &str) -> Logbook {
    const TEXTS: [&str; 6] = [
        "Marianne left us again.",
        "We met Rafael.\nThe password: the Hortensia",
        "We met Rafael.",
        "The boiler was left cold.",
        "We met Rafael about the password.",
        "We met Rafael.",
    ];
    let mut logbook = Logbook::new(3);
    for (payload, text) in logbook.index.0.iter_mut().zip(TEXTS.iter().cycle()) {
        payload.text = (*text).to_owned();
        if text.contains("left") {
            payload.tags = vec!["home".to_owned()];
        }
    }
    let rules = Rules { local_only_tags: vec![local_only.to_owned()], ..Rules::default() };
    logbook.guard = Arc::new(Guard::new(rules, masks_secrets, Box::new(|_, _| {})));
    logbook
}

fn check_unheard(text: &str) {
    assert!(text.contains("Rafael"), "{text}");
    for withheld in ["Marianne", "boiler", "home", "Hortensia"] {
        assert!(!text.contains(withheld), "{withheld}: {text}");
    }
}

#[test]
fn a_comparison_sends_neither_what_is_withheld_nor_what_it_is_called() {
    let open = mixed(false, "nothing");
    let chat = remote();
    compared(&open, Some(&chat), &mut |earlier, later, recapping| {
        comparison(earlier, later, recapping)
    });
    let heard = chat.heard.lock().unwrap().clone();
    for listed in ["- boiler:", "Hortensia:"] {
        assert!(heard.contains(listed), "else this test would not show anything: {heard}");
    }

    let guarded = mixed(true, "home");
    let chat = remote();
    let told = compared(&guarded, Some(&chat), &mut |earlier, later, recapping| {
        comparison(earlier, later, recapping)
    });
    check_unheard(&chat.heard.lock().unwrap());
    let (earlier, later) = (&told.earlier.coverage, &told.later.coverage);
    assert_eq!((earlier.withheld.len(), later.withheld.len()), (16, 3));
    assert_eq!(earlier.withheld[0].reason, "not sent to localhost (tag home)");
    assert_eq!(earlier.entries_read + earlier.withheld.len(), earlier.entries_in_period);
    let kept = guarded.guard.kept();
    assert_eq!((kept[0].passages.len(), kept[0].secrets.len()), (19, 9));
}

#[test]
fn a_comparison_of_which_one_side_is_withheld_is_counted_here() {
    let mut logbook = mixed(true, "home");
    for payload in &mut logbook.index.0 {
        if payload.path.starts_with("2023") {
            payload.tags = vec!["home".to_owned()];
        }
    }
    let chat = remote();
    let told = compared(&logbook, Some(&chat), &mut |earlier, later, recapping| {
        let shown = comparison_preview(earlier, later, recapping, recapping.chat.unwrap())?;
        assert!(shown.is_none());
        comparison(earlier, later, recapping)
    });
    assert_eq!((chat.calls.load(Ordering::SeqCst), told.made_by), (0, MadeBy::Extract));
    assert!(told.notes[0].contains("nothing of one of the periods"), "{:?}", told.notes);
    assert_eq!(told.later.coverage.withheld.len(), 8);
}

#[test]
fn what_a_recap_would_cost_is_counted_in_the_very_text_that_is_sent() {
    for context_tokens in [32_000, 900] {
        let logbook = mixed(true, "home");
        let chat = remote();
        let shown = logbook
            .with(Some(&chat), context_tokens, &mut |recapping| {
                let wanted = wanted("2022");
                preview(&wanted, &logbook.gathered(&wanted)?, recapping, recapping.chat.unwrap())
            })
            .unwrap();
        let requests: String =
            shown.requests.iter().map(|request| request.messages[0].content.as_str()).collect();
        check_unheard(&requests);
        assert_eq!(shown.coverage.withheld.len(), 16);

        let recap = logbook.told(Some(&chat), context_tokens);
        assert!(recap.failure.is_none(), "{:?}", recap.failure);
        check_unheard(&chat.heard.lock().unwrap());
        assert_eq!(shown.is_in_parts, context_tokens < 1_000);
        let read = chat.read.load(Ordering::SeqCst) as u64;
        if shown.is_in_parts {
            assert!(shown.cost.tokens.input >= read);
        } else {
            assert_eq!(shown.cost.tokens.input, read);
        }
    }
}

#[test]
fn what_a_comparison_would_cost_is_counted_in_the_very_text_that_is_sent() {
    let logbook = mixed(true, "home");
    let chat = remote();
    let shown = compared(&logbook, Some(&chat), &mut |earlier, later, recapping| {
        let shown = comparison_preview(earlier, later, recapping, recapping.chat.unwrap())?;
        comparison(earlier, later, recapping)?;
        Ok(shown)
    })
    .unwrap();
    check_unheard(&shown.request.messages[0].content);
    assert_eq!(shown.cost.tokens.input, chat.read.load(Ordering::SeqCst) as u64);
}
