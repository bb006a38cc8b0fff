use super::*;

fn check(format: Option<DateFormat>, text: &str, expected: &str) {
    let reading = format.unwrap().read(text).filter(|reading| reading.is_whole);
    let shown = reading.map(|reading| match reading.form {
        Some(Form::Complete(span, _)) => span.to_string(),
        _ => "impossible".to_owned(),
    });
    assert_eq!(shown.unwrap_or_default(), expected, "{text}");
}

#[test]
fn formats_of_moment_are_read() {
    let check = |format, text, expected| check(DateFormat::moment(format), text, expected);
    check("YYYY-MM-DD", "2022-03-14", "2022-03-14");
    check("MM-DD-YYYY", "03-04-2022", "2022-03-04");
    check("YYYYMMDD", "20220314", "2022-03-14");
    check("YYYY/MM-MMMM/YYYY-MM-DD dddd", "2022/03-March/2022-03-14 Monday", "2022-03-14");
    check("dddd, MMMM Do YYYY", "Monday, March 14th 2022", "2022-03-14");
    check("D MMM. YY", "4 févr. 22", "");
    check("D MMM YY", "4 févr. 22", "2022-02-04");
    check("gggg-[W]ww", "2022-W11", "2022-03-14..2022-03-20");
    check("YYYY-[Q]Q", "2022-Q1", "2022-01-01..2022-03-31");
    check("YYYY-MM", "2022-03", "2022-03");
    check("[Year] YYYY", "Year 2022", "2022");
    check("YYYY-MM-DD", "2022-02-30", "impossible");
    check("YYYY-MM-DD", "2022-3-14", "");
    check("MM-DD", "03-14", "");
    assert_eq!(DateFormat::moment("YYYY-XX"), None);
    assert_eq!(DateFormat::moment(""), None);
}

#[test]
fn formats_of_java_are_read() {
    let check = |format, text, expected| check(DateFormat::java(format), text, expected);
    check("yyyy_MM_dd", "2022_03_14", "2022-03-14");
    check("MMM do, yyyy", "Mar 14th, 2022", "2022-03-14");
    check("EEEE, dd.MM.yyyy", "lundi, 14.03.2022", "2022-03-14");
    check("'le' dd-MM-yyyy", "le 02-03-2022", "2022-03-02");
}

#[test]
fn formats_of_strftime_are_read() {
    let check = |format, text, expected| check(DateFormat::strftime(format), text, expected);
    check("%Y-%m-%d %H:%M", "2022-03-14 09:15", "2022-03-14");
    check("%F %r", "2022-03-14 09:15:00 AM", "2022-03-14");
    check("%d.%m.%y, %R", "14.03.22, 09:15", "2022-03-14");
    check("%a %-d %b %Y", "Mon 4 Apr 2022", "2022-04-04");
    check("%D", "03/04/22", "2022-03-04");
    assert_eq!(DateFormat::strftime("%c"), None);
}

proptest::proptest! {
    #[test]
    fn no_format_and_no_text_is_too_strange(format in "[%YMDdwQyE\\[\\]'é -]{0,12}", text in "[0-9a-zé -]{0,12}") {
        for format in [DateFormat::moment(&format), DateFormat::java(&format), DateFormat::strftime(&format)] {
            let _ = format.map(|format| format.read(&text));
        }
    }
}
