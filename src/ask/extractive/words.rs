//! The words of the notes: which say what a text is about, and how they are written.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    sync::LazyLock,
};

use crate::{
    index::{Term, TermReader, folded},
    logbook::{Language, month_named, weekday_named},
};

/// Reads the words of entry after entry.
pub(super) struct WordReader<'a> {
    /// Reads terms.
    pub terms: &'a TermReader,
    /// The entry that is read, as a number.
    pub entry: usize,
    /// How the words read so far are written.
    pub surfaces: Surfaces,
    asked: &'a BTreeSet<Term>,
}

/// What a text is about.
#[derive(Debug, Default)]
pub(super) struct Words {
    /// Its terms, in order.
    pub terms: Vec<Term>,
    /// The terms that follow each other in its prose.
    pub pairs: Vec<(Term, Term)>,
}

/// A word where it stands.
struct Word<'t> {
    written: &'t str,
    folded: String,
    /// None where it says nothing of what the text is about.
    term: Option<Term>,
    /// Whether it is the first of its sentence.
    opens: bool,
    /// Whether it stands in a code span, or in the name of something in code.
    is_code: bool,
    /// Whether a hyphen ties it to the word before.
    is_tied: bool,
}

impl<'a> WordReader<'a> {
    pub(super) fn new(terms: &'a TermReader, asked: &'a BTreeSet<Term>) -> Self {
        Self { terms, entry: 0, surfaces: Surfaces::default(), asked }
    }

    /// The terms of a text, after noting how each is written.
    pub(super) fn words(&mut self, text: &str, language: Language) -> Words {
        let read = self.read(text, language);
        let mut words = Words::default();
        let mut before: Option<&Word<'_>> = None;
        for (place, word) in read.iter().enumerate() {
            let Some(word) = word else {
                before = None;
                continue;
            };
            if let Some(term) = &word.term {
                words.terms.push(term.clone());
                if !word.is_code {
                    let next = read.get(place + 1).and_then(Option::as_ref);
                    self.note(term, word, language, used(before, next, language));
                }
            }
            if let Some(before) = before
                && !before.is_code
                && !word.is_code
                && let (Some(one), Some(other)) = (&before.term, &word.term)
                && one != other
            {
                words.pairs.push((one.clone(), other.clone()));
                if word.is_tied {
                    self.surfaces.tied.insert((one.clone(), other.clone()));
                }
            }
            before = Some(word);
        }
        words
    }

    /// The words of a text in order, with none where a mark parts them.
    fn read<'t>(&self, text: &'t str, language: Language) -> Vec<Option<Word<'t>>> {
        let (mut opens, mut in_span) = (true, false);
        let mut read = Vec::new();
        for token in text.split_inclusive(char::is_whitespace) {
            if token.contains("://") {
                read.push(None);
                continue;
            }
            let mut is_tied = false;
            let is_name_in_code = token.contains('_') || token.contains("::");
            for piece in token.split_inclusive(|c: char| !c.is_alphanumeric()) {
                let written = piece.trim_end_matches(|c: char| !c.is_alphanumeric());
                let ends = piece.ends_with(['.', '!', '?', ':', '"', '«', '“', '—', '(']);
                if !written.is_empty() {
                    let folded = folded(written);
                    let term = self.term(&folded, language);
                    let is_code = in_span || is_name_in_code;
                    read.push(Some(Word { written, folded, term, opens, is_code, is_tied }));
                    opens = false;
                }
                is_tied = !written.is_empty() && piece[written.len()..] == *"-";
                in_span ^= piece.ends_with('`');
                opens |= ends;
                if ends || piece.ends_with([',', ';']) {
                    read.push(None);
                }
            }
        }
        read
    }

    fn term(&self, folded: &str, language: Language) -> Option<Term> {
        let letters = folded.chars().filter(|c| c.is_alphabetic()).count();
        let is_date =
            month_named(folded).is_some() && letters > 3 || weekday_named(folded).is_some();
        if letters < 2 || letters * 2 < folded.len() || is_date {
            return None;
        }
        let term = self.terms.terms(folded, language).into_iter().next()?;
        (!is_colourless(folded) || self.asked.contains(&term)).then_some(term)
    }

    fn note(&mut self, term: &str, word: &Word<'_>, language: Language, used: Option<Use>) {
        // The capital of a first word says nothing of how the word is written.
        let (weight, written) = if word.opens {
            (1, word.written.to_lowercase())
        } else {
            (3, word.written.to_owned())
        };
        let surface = self.surfaces.words.entry(term.to_owned()).or_default();
        *surface.forms.entry(written).or_default() += weight;
        match language {
            Language::English => surface.english += 1,
            Language::French => surface.french += 1,
        }
        match used {
            Some(Use::Noun) => {
                surface.noun_in.insert(self.entry);
                surface.as_noun += 1;
            }
            Some(Use::Verb) => surface.as_verb += 1,
            Some(Use::Unit) => surface.as_unit += 1,
            None => {}
        }
    }
}

/// The terms of a topic that say what it is about; all of them, where none says more than others.
pub(super) fn asked_for(topic: &str, reader: &TermReader) -> BTreeSet<Term> {
    let bare = |word: &str| folded(word.trim_matches(|c: char| !c.is_alphanumeric()));
    let telling: Vec<&str> =
        topic.split_whitespace().filter(|word| !is_colourless(&bare(word))).collect();
    let mut terms = reader.query_terms(&telling.join(" "));
    if terms.is_empty() {
        terms = reader.query_terms(topic);
    }
    terms.into_iter().collect()
}

/// What a word is in its sentence, as far as the words beside it tell.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Use {
    Noun,
    Verb,
    /// What stands behind a number: `9 GB`.
    Unit,
}

fn used(before: Option<&Word<'_>>, next: Option<&Word<'_>>, language: Language) -> Option<Use> {
    let before = before?.folded.as_str();
    if before.chars().all(|c| c.is_ascii_digit()) {
        return Some(Use::Unit);
    }
    let (nouns, verbs) = match language {
        Language::English => (BEFORE_NOUNS, BEFORE_VERBS),
        Language::French => (AVANT_NOMS, AVANT_VERBES),
    };
    let has = |list: &str| list.split_whitespace().any(|word| word == before);
    // What an adjective stands before is a noun; what follows the noun is not.
    let is_last = next.is_none_or(|next| next.term.is_none());
    if has(verbs) {
        Some(Use::Verb)
    } else if has(nouns) && (is_last || language == Language::French) {
        Some(Use::Noun)
    } else {
        None
    }
}

const BEFORE_NOUNS: &str = "a an the my our his her its their your this these those each every no \
    some any of in with for on by from about into per without between";
const BEFORE_VERBS: &str = "i we you they he she it who to not will would can could should must \
    may might don didn doesn t ll d is are was were be been has have had being get got";
const AVANT_NOMS: &str = "le la les l un une des du au aux d mon ma mes son sa ses notre nos leur \
    leurs votre vos ce cet cette ces chaque dans sur avec par entre chez sous";
const AVANT_VERBES: &str = "je j tu il elle on nous vous ils elles ne n se s m t y est sont etait \
    etaient ai as avons avez ont avait avaient etre avoir pas";

/// How a term is written in the notes.
#[derive(Clone, Debug, Default)]
pub(super) struct Surfaces {
    words: HashMap<Term, Surface>,
    /// The terms between which a hyphen stands.
    tied: BTreeSet<(Term, Term)>,
}

#[derive(Clone, Debug, Default)]
struct Surface {
    forms: BTreeMap<String, usize>,
    english: usize,
    french: usize,
    as_noun: usize,
    as_verb: usize,
    as_unit: usize,
    /// The entries that have it as a noun.
    noun_in: BTreeSet<usize>,
}

impl Surfaces {
    /// The usual way to write a term.
    pub(super) fn of<'a>(&'a self, term: &'a str) -> &'a str {
        self.words
            .get(term)
            .and_then(|surface| {
                surface
                    .forms
                    .iter()
                    .max_by_key(|(word, count)| (**count, std::cmp::Reverse(word.len())))
            })
            .map_or(term, |(word, _)| word)
    }

    /// The usual way to write two terms that follow each other.
    pub(super) fn of_pair(&self, one: &Term, other: &Term) -> String {
        let between = if self.tied.contains(&(one.clone(), other.clone())) { '-' } else { ' ' };
        format!("{}{between}{}", self.of(one), self.of(other))
    }

    /// Whether it mostly stands in text of another language.
    pub(super) fn is_foreign(&self, term: &str, language: Language) -> bool {
        self.words.get(term).is_some_and(|surface| match language {
            Language::English => surface.french > surface.english,
            Language::French => surface.english > surface.french,
        })
    }

    /// Whether it is usually written with a capital, as a name is.
    pub(super) fn is_name(&self, term: &str) -> bool {
        self.of(term).starts_with(char::is_uppercase)
    }

    /// Whether it can title a theme: a name, or what several entries have as a noun; no unit.
    pub(super) fn can_title(&self, term: &str) -> bool {
        let Some(word) = self.words.get(term) else { return self.is_name(term) };
        let is_unit = word.as_unit * 2 > word.english + word.french;
        let is_noun = word.noun_in.len() >= 2 && word.as_noun > 2 * word.as_verb;
        !is_unit && (self.is_name(term) || is_noun)
    }

    /// Whether it is used as a verb, or as what is said of a noun, about as often as in any other way.
    pub(super) fn is_verb(&self, term: &str) -> bool {
        self.words.get(term).is_some_and(|word| word.as_verb > 0 && word.as_verb >= word.as_noun)
    }
}

/// Words that occur in any diary and make no title.
pub(crate) fn is_colourless(folded: &str) -> bool {
    COLOURLESS_SET.contains(folded)
}

static COLOURLESS_SET: LazyLock<HashSet<&str>> =
    LazyLock::new(|| COLOURLESS.split_whitespace().collect());

const COLOURLESS: &str = "
able accord achete acheter across actually add added adds afternoon afterwards ago agree agreed ah
ahead aime aimer alle allee aller allow allowed almost alone along already although always am
among another ans answer answered answers anybody anyhow anyone anything anyway apporte apporter
apprend apprendre appris apres-midi april aren around arrive arrived arriver ask asked asking asks
assez attendre august aujourd aujourd'hui aupres autant autour autres autumn avance avoir away
back bad beaucoup became become began begin beginning begins behind believe best better between
bien bientot big bilan bit bonne bons bought bout box bref bring brought builds built buy buys
call called came cannot careful cause celle celles celui cent centre certain certaine certains
cette change changed changes chaque chez choisi choisir chose choses cinq cinquante clear clearly
cm come comes coming commande comme commence commencer comment commit commits compris compte
compter conclusion contre cost cote could couldn coup coupe couple cours croire crois date dates
day days december decide decided decider decides dehors deja demain demande demander depuis
dernier derniere derniers descendu dessine dessus detect detected devant devenir devenu devoir
didn difference different difficile difficult dire disait disent dit dix doesn doit don donc donne
donner dormi dormir douze draw drew droit duree each early easy ecrire ecris ecrit ecrite effet eh
eight eighteen eighty either eleven else end ended ends enfin enough ensemble ensuite entendu
entire entre entretien envers envie erreur especially essai essaye essayer etaient etait etape ete
eteint etonne even evening ever every everybody everyone everything exactly example except explain
explained facile facon fact faire fallu far fast faut favourite february feel felt few fifteen
fifty figure figures fin find finding finds fini finir finish finished first five fois follow
following fond force forgot forty found four fourteen friday full garde garder gave general gets
getting give given gives giving goes going gone good grand grande grands great gros ha had half
hand happen happened happens hard hardly hasn haut haven head heard held help helped hence heure
heures hier high hired hm hold holds hour hours huit hundred hung idea ideas idee idees
immediately important inside instead isn jamais january joue jouer jour journee jours july june
juste keep keeps kept kg kind knew know known knows laisse large last late later learn learned
learnt least leave leaves left lendemain lent less lesson let letter lettre lieu life ligne lignes
like liked line lines lire lisait list liste lit little live loin long longer longtemps longue
look looked looking looks lorsque lost lot lots love loved low made main maintenant make makes
making mal manger manque manquer many march marche marcher matin matter mauvais mauvaise maybe
mean means meant meanwhile meet meets meilleur meilleure met mettre middle midi mieux mille min
mind minute minutes mis mise miss missing mlle mm mme mn moins mois moitie moment monday monde money monte
monter month months montre montrer morning mot mots move moved moyenne mr mrs much name names nd near
nearly need needed needs neither neuf never new news next nice night nine nineteen ninety nobody
nom nombre none noon normal note noted notes nothing notice noticed nouveau nouveaux nouvel
nouvelle nouvelles november nuit number numbers obviously october offer offered often oh ok okay
old once one ones online only onze open opened order ordre others otherwise oublie ouvert ouvrir
page pages paid paper paraît parce parfois parle parler parole part parti partie partir pas passe
passer past pay pays pense penser people per perdu perhaps person personne personnes petit petite
petits peur peut pick picked place plan play played plays plein pleure plupart plus plusieurs pm
point porte pose possible poste pourtant pouvoir premier premiere premieres premiers prendre
presque prevu pris prise probably problem probleme prochain prochaine promis promise promised
proof propose proposer puis put puts quarante quarter quatorze quatre quelqu'un quelque quelques
question questions quinze quite quitte quoi raison ramene ran rather rd reach reached read reading
real really reason receive received recevoir recu refuse refused refuser regarde regle relu
remember rentre rentrer reparti repondre repondu reponse reprendre repris rest reste rester result
results retard retour rewrote ri rien right rire room run running runs said sais sait same samedi
saturday savait savoir saw say saying says screen sec second seconds see seem seems seen seize
sell sells semaine semaines send sends sens sent sentence sept september serait servir seul seule
seulement seven seventeen seventy several share shared short show showed shows side signe simple
simply since single sit six sixteen sixty slow slowly small soir soiree soit soixante sold
somebody someone something sometimes soon sort sorte sorti sortir soudain souvent speak spent
spoke spring st stand start started starting starts stay step still stop stopped stops story
strange suis suite suivre summer sunday sure table take taken takes taking talk tard tell
tellement tells temps ten tenir tenu test tete th thank thanks thing things think thirteen thirty
thought thousand three thursday tiens time times today together told tombe tomber tomorrow tonight
took top total toujours tour tourne tout towards travers treize trente tried trois trop trouve
trouver true try trying tuesday turn turned twelve twenty twice two type understand understood
unless used useful uses using usual usually vais vendredi vendu venir venu vers version veut vie
vient vieux vingt vite voici voila voir vois voit voulais voulait vrai vraiment vs vue wait waited
walk want wanted wants wasn watch ways wednesday week weekend weeks went weren whatever whole
winter without woke won wonder word words wore work worked working works worse worst worth write
writes writing written wrong wrote year years yes yesterday yet
";

#[cfg(test)]
mod tests {
    use super::*;

    /// Which words of some entries can title a theme.
    fn check(entries: &[&str], language: Language, expected: &[&str]) {
        let (terms, asked) = (TermReader::default(), BTreeSet::new());
        let mut reader = WordReader::new(&terms, &asked);
        let mut found: BTreeSet<Term> = BTreeSet::new();
        for (entry, text) in entries.iter().enumerate() {
            reader.entry = entry;
            found.extend(reader.words(text, language).terms);
        }
        found.retain(|term| reader.surfaces.can_title(term));
        let titles: Vec<&str> = found.iter().map(|term| reader.surfaces.of(term)).collect();
        assert_eq!(titles, expected);
    }

    #[test]
    fn names_and_nouns_can_title_and_verbs_and_code_can_not() {
        let entries = [
            "The partition becomes slow. It is bound to the key, Rafael says.",
            "We dropped a partition; it was bound by `pg_stat` and reads pg_stat_database.",
            "The dead tuple reads badly, so we drop the partition. With Rafael.",
        ];
        check(&entries, Language::English, &["partition", "Rafael"]);
        let entries = ["On lit le roman.", "Le roman se lit bien.", "Elle lit un roman, il brûle."];
        check(&entries, Language::French, &["roman"]);
    }

    #[test]
    fn addresses_are_no_words_and_a_hyphen_stays_between_two() {
        let (terms, asked) = (TermReader::default(), BTreeSet::new());
        let mut reader = WordReader::new(&terms, &asked);
        let text = "We saw Aubrac-Meyer at https://www.ada.co with Priya Shah.";
        let Words { terms, pairs } = reader.words(text, Language::English);
        assert!(!terms.contains(&"ada".to_owned()), "{terms:?}");
        let written: Vec<String> =
            pairs.iter().map(|(one, other)| reader.surfaces.of_pair(one, other)).collect();
        assert!(written.contains(&"Aubrac-Meyer".to_owned()), "{written:?}");
        assert!(written.contains(&"Priya Shah".to_owned()), "{written:?}");
    }

    #[test]
    fn a_unit_can_not_title() {
        let entries = ["Kept 212 GB of Paris.", "All 9 GB went to Paris.", "A GB here."];
        check(&entries, Language::English, &["Paris"]);
    }

    #[test]
    fn a_word_that_is_asked_for_counts_however_common() {
        let terms = TermReader::default();
        let asked = asked_for("running", &terms);
        let mut reader = WordReader::new(&terms, &asked);
        assert_eq!(reader.words("I went running.", Language::English).terms, ["run"]);
        let expected: BTreeSet<Term> = [String::from("marathon")].into();
        assert_eq!(asked_for("half marathon take", &terms), expected);
    }
}
