//! An entry as the extract sees it: its sentences, its words, and what it is called.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::LazyLock,
};

use super::sentence::{Sentence, sentences};
use crate::{
    ask::Passage,
    index::{Term, TermReader, folded},
    logbook::{Language, Span, language_of, month_named, weekday_named},
};

/// A sentence that can be quoted, and the passage that it stands in.
#[derive(Clone, Debug)]
pub(super) struct Quote {
    /// The place of the passage in the list.
    pub passage: usize,
    /// The sentence.
    pub sentence: Sentence,
    /// Its terms, each once.
    pub terms: Vec<Term>,
    /// Its language.
    pub language: Language,
}

/// An entry.
#[derive(Clone, Debug)]
pub(super) struct Document {
    /// Its passages, as places in the list.
    pub passages: Vec<usize>,
    /// Its days.
    pub span: Option<Span>,
    /// Its own title without dates; empty when it is a date.
    pub title: String,
    /// The title of its note and the folder that the note lies in, without dates.
    pub homes: Vec<String>,
    /// Its tags.
    pub tags: Vec<String>,
    /// Its sentences.
    pub quotes: Vec<Quote>,
    /// How often each term occurs; those of its title and tags count more.
    pub counts: BTreeMap<Term, f32>,
    /// The terms that follow each other.
    pub pairs: Vec<(Term, Term)>,
}

/// How a term is written in the notes.
#[derive(Clone, Debug, Default)]
pub(super) struct Surfaces(HashMap<Term, Surface>);

#[derive(Clone, Debug, Default)]
struct Surface {
    forms: BTreeMap<String, usize>,
    english: usize,
    french: usize,
}

impl Surfaces {
    fn note(&mut self, term: &str, word: &str, language: Language, opens: bool) {
        // The capital of a first word says nothing of how the word is written.
        let weight = if opens { 0 } else { 2 };
        let written = if opens { word.to_lowercase() } else { word.to_owned() };
        let surface = self.0.entry(term.to_owned()).or_default();
        *surface.forms.entry(written).or_default() += weight + 1;
        match language {
            Language::English => surface.english += 1,
            Language::French => surface.french += 1,
        }
    }

    /// The usual way to write a term.
    pub(super) fn of<'a>(&'a self, term: &'a str) -> &'a str {
        self.0
            .get(term)
            .and_then(|surface| {
                surface
                    .forms
                    .iter()
                    .max_by_key(|(word, count)| (**count, std::cmp::Reverse(word.len())))
            })
            .map_or(term, |(word, _)| word)
    }

    /// Whether it mostly stands in text of another language.
    pub(super) fn is_foreign(&self, term: &str, language: Language) -> bool {
        self.0.get(term).is_some_and(|surface| match language {
            Language::English => surface.french > surface.english,
            Language::French => surface.english > surface.french,
        })
    }

    /// Whether it is usually written with a capital, as a name is.
    pub(super) fn is_name(&self, term: &str) -> bool {
        self.of(term).starts_with(char::is_uppercase)
    }
}

/// The entries that the passages are of, in order of time, undated ones last.
pub(super) fn documents(
    passages: &[Passage],
    reader: &TermReader,
    surfaces: &mut Surfaces,
) -> Vec<Document> {
    let mut places: HashMap<(&str, &str, u32), usize> = HashMap::new();
    let mut documents: Vec<Document> = Vec::new();
    for (index, passage) in passages.iter().enumerate() {
        let key = (passage.root.as_str(), passage.path.as_str(), passage.entry);
        let place = *places.entry(key).or_insert_with(|| {
            documents.push(of_entry(passage, reader, surfaces));
            documents.len() - 1
        });
        add(&mut documents[place], index, passage, reader, surfaces);
    }
    documents.sort_by_key(|document| {
        let passage = &passages[document.passages[0]];
        (document.span.is_none(), document.span, passage.path.clone(), passage.lines)
    });
    documents
}

fn of_entry(passage: &Passage, reader: &TermReader, surfaces: &mut Surfaces) -> Document {
    let title = without_date(&passage.title);
    let note = passage.breadcrumb.first().map(|title| without_date(title)).unwrap_or_default();
    let folder = passage.path.rsplit_once('/').map_or("", |(folders, _)| folders);
    let folder = without_date(folder.rsplit('/').next().unwrap_or_default());
    let mut document = Document {
        passages: Vec::new(),
        span: passage.span,
        homes: [note, folder].into_iter().filter(|home| is_telling_home(home)).collect(),
        tags: passage.tags.iter().map(|tag| tag.trim_start_matches('#').to_owned()).collect(),
        quotes: Vec::new(),
        counts: BTreeMap::new(),
        pairs: Vec::new(),
        title,
    };
    let title = document.title.clone();
    let terms = words(&title, language_of(&title), reader, surfaces);
    document.pairs.extend(pairs(&terms));
    for term in terms.into_iter().flatten() {
        *document.counts.entry(term).or_default() += 2.0;
    }
    for tag in document.tags.clone() {
        for term in reader.terms(&tag, Language::English) {
            *document.counts.entry(term).or_default() += 2.0;
        }
    }
    document
}

/// Whether a note's title or a folder's name says what stands in it, and not only that it is a log.
fn is_telling_home(home: &str) -> bool {
    const PLAIN: [&str; 24] = [
        "annual", "archive", "carnet", "daily", "diary", "entries", "inbox", "journal", "journals",
        "jrnl", "log", "logbook", "monthly", "notebook", "notes", "pages", "periodic", "posts",
        "src", "today", "weekly", "worklog", "year", "yearly",
    ];
    !home.is_empty() && !PLAIN.contains(&folded(home).as_str())
}

fn add(
    document: &mut Document,
    index: usize,
    passage: &Passage,
    reader: &TermReader,
    surfaces: &mut Surfaces,
) {
    document.passages.push(index);
    let language = language_of(&passage.text);
    for sentence in sentences(&passage.text) {
        let words = words(&sentence.text, language, reader, surfaces);
        document.pairs.extend(pairs(&words));
        let mut terms: Vec<Term> = words.into_iter().flatten().collect();
        for term in &terms {
            *document.counts.entry(term.clone()).or_default() += 1.0;
        }
        terms.sort_unstable();
        terms.dedup();
        document.quotes.push(Quote { passage: index, sentence, terms, language });
    }
}

/// The terms of a text's words, none where a word says nothing of what the text is about.
fn words(
    text: &str,
    language: Language,
    reader: &TermReader,
    surfaces: &mut Surfaces,
) -> Vec<Option<Term>> {
    let mut opens = true;
    let mut terms = Vec::new();
    for piece in text.split_inclusive(|c: char| !c.is_alphanumeric()) {
        let word = piece.trim_end_matches(|c: char| !c.is_alphanumeric());
        let ends = piece.ends_with(['.', '!', '?', ':', '"', '«', '“', '—', '(']);
        if word.is_empty() {
            if ends {
                opens = true;
                terms.push(None);
            }
            continue;
        }
        let term = term(word, language, reader);
        if let Some(term) = &term {
            surfaces.note(term, word, language, opens);
        }
        terms.push(term);
        opens = ends;
        if ends || piece.ends_with([',', ';']) {
            terms.push(None);
        }
    }
    terms
}

fn term(word: &str, language: Language, reader: &TermReader) -> Option<Term> {
    let folded = folded(word);
    let letters = folded.chars().filter(|c| c.is_alphabetic()).count();
    let is_date = month_named(&folded).is_some() && letters > 3 || weekday_named(&folded).is_some();
    if letters < 2 || letters * 2 < folded.len() || is_date || is_colourless(&folded) {
        return None;
    }
    reader.terms(&folded, language).into_iter().next()
}

fn pairs(terms: &[Option<Term>]) -> Vec<(Term, Term)> {
    terms
        .windows(2)
        .filter_map(|pair| Some((pair[0].clone()?, pair[1].clone()?)))
        .filter(|(one, other)| one != other)
        .collect()
}

/// A title without the date that it begins with, and without the marks that held it.
pub(super) fn without_date(title: &str) -> String {
    let is_mark = |c: char| c.is_whitespace() || "-–—:,._/|·".contains(c);
    let words: Vec<&str> = title.split_whitespace().collect();
    let mut dated = 0;
    while let Some(word) = words.get(dated) {
        let before = dated.checked_sub(1).map(|place| words[place]);
        let is_date = match dating(word) {
            Dating::Day => {
                before.is_some_and(|word| dating(word) == Dating::Name)
                    || words.get(dated + 1).is_some_and(|word| dating(word) == Dating::Name)
            }
            Dating::Year | Dating::Name => true,
            Dating::None => word.chars().all(is_mark) && dated > 0,
        };
        if !is_date {
            break;
        }
        dated += 1;
    }
    words[dated..].join(" ").trim_matches(is_mark).to_owned()
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Dating {
    /// A month, a weekday.
    Name,
    /// A number that may be a day.
    Day,
    /// A year, or a whole date in digits.
    Year,
    None,
}

/// What a word of a title says of a date.
fn dating(word: &str) -> Dating {
    let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
    let digits = bare.trim_end_matches(|c: char| c.is_alphabetic());
    let is_number = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit());
    let ending = &bare[digits.len()..];
    let mut parts = bare.split(['-', '_', '/', '.']);
    if month_named(bare).is_some() || weekday_named(bare).is_some() {
        Dating::Name
    } else if is_number(bare) && bare.len() == 4
        || bare.contains(['-', '_', '/', '.']) && parts.all(is_number)
    {
        Dating::Year
    } else if is_number(digits)
        && digits.len() <= 2
        && matches!(ending, "" | "st" | "nd" | "rd" | "th" | "er")
    {
        Dating::Day
    } else {
        Dating::None
    }
}

/// Words that occur in any diary and make no title.
fn is_colourless(folded: &str) -> bool {
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
mind minute minutes mis mise miss missing mm mn moins mois moitie moment monday monde money monte
monter month months montre montrer morning mot mots move moved moyenne much name names nd near
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
question questions quinze quite quitte quoi raison ramene rather rd reach reached read reading
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

    #[test]
    fn a_title_is_read_without_its_date() {
        for (title, expected) in [
            ("2022-02-08", ""),
            ("Mardi 21 juin", ""),
            ("2023-11-21 — handing over the archive", "handing over the archive"),
            ("2022_07_19", ""),
            ("Lundi 13", ""),
            ("March 14th, 2022", ""),
            ("Experiment 1: summaries of tickets", "Experiment 1: summaries of tickets"),
            ("10 things to know", "10 things to know"),
            ("What I want from 2022", "What I want from 2022"),
            ("The book (second edition)", "The book (second edition)"),
            ("Annecy", "Annecy"),
            ("", ""),
        ] {
            assert_eq!(without_date(title), expected, "{title}");
        }
    }
}
