//! What was found out about the parts of an installation, each with a remedy where it is not well.

use serde::Serialize;

use super::workspace::Workspace;
use crate::{
    error::{Exit, Result},
    ui,
};

/// What was found out about a part.
#[derive(Debug, Serialize)]
pub(super) struct Finding {
    part: &'static str,
    pub(super) is_well: bool,
    says: String,
    remedy: Option<String>,
}

impl Finding {
    /// What came of looking at a part.
    pub(super) fn of(part: &'static str, outcome: Result<String>) -> Self {
        match outcome {
            Ok(says) => Self { part, is_well: true, says, remedy: None },
            Err(error) => Self {
                part,
                is_well: false,
                says: error.to_string(),
                remedy: error.remedy().map(str::to_owned),
            },
        }
    }

    fn text(&self) -> String {
        let mark = if self.is_well { "ok  " } else { "FAIL" };
        let mut text = format!("{mark} {:<10} {}\n", self.part, self.says);
        if let Some(remedy) = &self.remedy {
            text.push_str(&format!("     {:<10} hint: {remedy}\n", ""));
        }
        text
    }
}

/// Whether all is well, as an exit code.
pub(super) fn exit(findings: &[Finding]) -> Exit {
    if findings.iter().all(|finding| finding.is_well) { Exit::Done } else { Exit::Failed }
}

/// Prints what was found out.
pub(super) fn print(workspace: &Workspace, findings: &[Finding]) -> Result<()> {
    findings.iter().try_for_each(|finding| workspace.terminal.print(&ui::shown(&finding.text())))
}
