//! Forms of an English word that no rule of stemming brings together: `bought` is found by `buy`.
//!
//! French has none, by measurement: `lu` and `à lire`, what was done and what is to be done, are
//! told apart in notes, and one table for both lost ten points of recall on a French logbook.

use std::collections::HashMap;

/// English verbs and nouns whose forms differ in more than their ending; a form that is more often
/// another word (`saw`, `found`, `felt`, `left`) goes with its verb all the same.
const ENGLISH: &str = "
arise arose arisen
awake awoke awoken
bear bore borne
beat beaten
become became
begin began begun
bend bent
bind bound
bite bit bitten
bleed bled
blow blew blown
break broke broken
breed bred
bring brought
build built
burn burnt
buy bought
catch caught
choose chose chosen
cling clung
come came
creep crept
deal dealt
dig dug
draw drew drawn
dream dreamt
drink drank drunk
drive drove driven
eat ate eaten
fall fell fallen
feed fed
feel felt
fight fought
find found
flee fled
fly flew flown
forbid forbade forbidden
forget forgot forgotten
forgive forgave forgiven
freeze froze frozen
give gave given
go went gone
grind ground
grow grew grown
hang hung
hear heard
hide hid hidden
hold held
keep kept
kneel knelt
know knew known
lay laid
lead led
lean leant
leap leapt
learn learnt
leave left
lend lent
light lit
lose lost
make made
mean meant
meet met
mow mown
overcome overcame
pay paid
prove proven
ride rode ridden
ring rang rung
rise rose risen
run ran
say said
see saw seen
seek sought
sell sold
send sent
sew sewn
shake shook shaken
shine shone
shoot shot
show shown
shrink shrank shrunk
sing sang sung
sink sank sunk
sit sat
sleep slept
slide slid
smell smelt
sow sown
speak spoke spoken
spell spelt
spend spent
spill spilt
spin spun
spoil spoilt
stand stood
steal stole stolen
stick stuck
sting stung
strike struck
string strung
swear swore sworn
sweep swept
swell swollen
swim swam swum
swing swung
take took taken
teach taught
tear tore torn
tell told
think thought
throw threw thrown
understand understood
undo undid undone
wake woke woken
wear wore worn
weave wove woven
weep wept
win won
wind wound
withdraw withdrew withdrawn
write wrote written
rewrite rewrote rewritten
child children
foot feet
goose geese
half halves
knife knives
leaf leaves
life lives
loaf loaves
man men
mouse mice
person people
shelf shelves
thief thieves
tooth teeth
wife wives
wolf wolves
woman women";

/// The irregular forms of a language, each with the word that it is a form of.
#[derive(Default)]
pub(super) struct Irregular(HashMap<&'static str, &'static str>);

impl Irregular {
    pub(super) fn english() -> Self {
        let mut forms = HashMap::new();
        for line in ENGLISH.lines() {
            let mut words = line.split(' ');
            let Some(base) = words.next() else { continue };
            forms.extend(words.map(|form| (form, base)));
        }
        Self(forms)
    }

    /// The word that this is a form of, or itself.
    pub(super) fn base<'a>(&self, word: &'a str) -> &'a str {
        self.0.get(word).copied().unwrap_or(word)
    }
}
