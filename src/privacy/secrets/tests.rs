use proptest::prelude::*;

use super::*;

#[track_caller]
fn check(text: &str, expected: &str) {
    assert_eq!(mask(text), expected);
}

/// Tokens are put together here, so that nobody takes this file for a leak.
fn token(prefix: &str, rest: &str) -> String {
    format!("{prefix}{rest}")
}

const DRAWN: &str = "q7Zx2LmN9vBtR4wK8sYd3HfJ6gPc";

#[test]
fn tokens_are_found_by_their_published_forms() {
    let letters = "x4Tq9".repeat(8);
    let tokens = [
        token("AKIA", "IOSFODNN7EXAMPLE"),
        token("ghp_", &letters[..36]),
        token("github_pat_", &letters),
        token("xoxb-", "123456789012-abcDEF"),
        token("sk_live_", &letters[..24]),
        token("sk-", &letters),
        token("sk-proj-", &letters),
        token("sk-ant-", &format!("api03-{letters}")),
        token("AIza", &letters[..35]),
        token("hf_", &letters[..34]),
        token("eyJ", "hbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl_-x"),
    ];
    for token in tokens {
        check(&format!("The key {token} is new."), "The key [secret] is new.");
        check(&format!("(`{token}`)"), "(`[secret]`)");
    }
}

#[test]
fn what_is_assigned_to_a_word_for_a_secret_is_masked() {
    check("password: hunter2", "password: [secret]");
    check("Password: sourdough", "Password: [secret]");
    check("- **Password**: correct horse battery staple", "- **Password**: [secret]");
    check("wifi password = \"blue door 7\"", "wifi password = \"[secret]\"");
    check("DB_PASSWORD=a.b!c", "DB_PASSWORD=[secret]");
    check("mot de passe : Tr0ubadour", "mot de passe : [secret]");
    check("token = abcd1234efgh", "token = [secret]");
    check("\"api_key\": \"abcd1234efgh\",", "\"api_key\": \"[secret]\",");
    check("PIN: 4821", "PIN: [secret]");
    check(
        "see https://x.example/?token=abcd1234efgh&a=b",
        "see https://x.example/?token=[secret]&a=b",
    );
    check("recovery phrase: one two three four five six", "recovery phrase: [secret]");
    check("postgres://me:hunter2@db.example/x", "postgres://me:[secret]@db.example/x");
}

#[test]
fn strings_that_look_drawn_by_chance_are_masked() {
    check(&format!("It printed {DRAWN}."), "It printed [secret].");
    check(&format!("{DRAWN}=="), "[secret]==");
}

#[test]
fn private_keys_are_masked_line_by_line() {
    let begin = token("-----BEGIN RSA ", "PRIVATE KEY-----");
    let end = token("-----END RSA ", "PRIVATE KEY-----");
    let body = "MIIEpAIBAAKCAQEA\nabcd+/==";
    check(&format!("a\n{begin}\n{body}\n{end}\nb"), "a\n[secret]\n[secret]\n[secret]\n[secret]\nb");
    check(
        &format!("a\n{begin}\n{body}\nNot a key."),
        "a\n[secret]\n[secret]\n[secret]\nNot a key.",
    );
    check(&format!("Not a key.\n{body}\n{end}\nb"), "Not a key.\n[secret]\n[secret]\n[secret]\nb");
    check(&format!("`{begin}\\n{end}` b"), "`[secret]` b");
    assert_eq!(secret_lines(&format!("a\n{begin}\n{body}\n{end}\nb")), [1, 2, 3, 4]);
}

#[test]
fn what_only_looks_like_a_secret_is_left() {
    let texts = [
        "id 550e8400-e29b-41d4-a716-446655440000",
        "commit da39a3ee5e6b4b0d3255bfef95601890afd80709",
        "E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855",
        "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "Donaudampfschifffahrtsgesellschaftskapitän, anticonstitutionnellement",
        "AbstractSingletonProxyFactoryBean2ForHttp11Requests",
        "My-Long-Title-Of-2022-And-More-Words-In-2023.md",
        "![x](data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk",
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAA",
        "https://www.example.org/articles/2022/03/14/what-i-learned-about-sourdough-in-1990?page=2",
        "sk-learn-pipelines-with-many-steps-2022",
        "The password is the one from last year, I think.",
        "Password: I forgot it again and had to ask for another one",
        "token: attention is all that counts",
        "The model reads 4096 tokens: 300 of them are the question.",
        "max_tokens = 16384",
        "secret: sourdough wants time",
        "shipping: 4821",
        "password: $PASSWORD",
        "api_key = os.environ",
        "password: [secret]",
        "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----",
        "http://localhost:8080/@user:path",
        "2022-03-14T10:00:00Z 10:45 ratio 16:9 = 1.78",
    ];
    for text in texts {
        check(text, text);
    }
}

/// Pieces that meet in ways that nobody thought of.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        any::<String>(),
        "[ -~]{0,40}",
        "[A-Za-z0-9+/=]{20,60}",
        Just("password: ".to_owned()),
        Just("token=".to_owned()),
        Just("PIN: ".to_owned()),
        Just("://a:b@".to_owned()),
        Just("[secret]".to_owned()),
        Just("\n".to_owned()),
        Just("\r\n".to_owned()),
        Just(token("\n-----BEGIN ", "PRIVATE KEY-----\n")),
        Just(token("-----END ", "PRIVATE KEY-----")),
        Just(token("sk-", DRAWN)),
        Just("eyJhbGciOiJI.eyJ.".to_owned()),
    ];
    proptest::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn every_line_stays_and_masking_again_changes_nothing(text in pieces()) {
        let masked = mask(&text).into_owned();
        prop_assert_eq!(masked.matches('\n').count(), text.matches('\n').count());
        prop_assert_eq!(mask(&masked), masked.as_str());
        let same = text.split('\n').zip(masked.split('\n')).filter(|(one, other)| one != other);
        prop_assert_eq!(same.count(), secret_lines(&text).len());
    }

    #[test]
    fn no_key_that_is_drawn_by_chance_and_assigned_goes_through(key in "[A-Za-z0-9]{11}[0-9][a-z]") {
        let masked = mask(&format!("api_key = {key}")).into_owned();
        prop_assert_eq!(masked, "api_key = [secret]");
    }
}
