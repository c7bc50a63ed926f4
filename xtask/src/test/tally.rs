//! The numbers of passed and failed tests, read from the output of a step.

use std::iter::Sum;

/// Passed and failed tests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Tests that passed.
    pub passed: u32,
    /// Tests that failed, and steps that failed as a whole.
    pub failed: u32,
}

impl Tally {
    /// One check that passed.
    pub const PASSED: Self = Self {
        passed: 1,
        failed: 0,
    };
    /// One check, or one whole step, that failed.
    pub const FAILED: Self = Self {
        passed: 0,
        failed: 1,
    };

    /// Adds up cargo's `test result: ok. X passed; Y failed; …` lines.
    pub fn of_cargo(output: &str) -> Self {
        output
            .lines()
            .filter_map(|line| line.trim().strip_prefix("test result: ")?.split_once(". "))
            .filter_map(|(_, counts)| {
                let mut counts = counts.split("; ");
                Some(Self {
                    passed: number_before(counts.next()?, " passed")?,
                    failed: number_before(counts.next()?, " failed")?,
                })
            })
            .sum()
    }

    /// Reads the last line of the form `N passed, M failed`. Without such a line, both are 0.
    pub fn of_last_line(output: &str) -> Self {
        let read = |line: &str| {
            let (passed, failed) = line.trim().split_once(", ")?;
            Some(Self {
                passed: number_before(passed, " passed")?,
                failed: number_before(failed, " failed")?,
            })
        };
        output.lines().rev().find_map(read).unwrap_or_default()
    }

    /// Takes the exit status into account. A step counts as failed if it exits with an error but
    /// reports no failed test, or if it runs no test.
    pub fn with_status(self, is_success: bool) -> Self {
        let failed_as_a_whole = self.failed == 0 && (!is_success || self.passed == 0);
        Self {
            failed: self.failed + u32::from(failed_as_a_whole),
            ..self
        }
    }
}

impl Sum for Tally {
    fn sum<I: Iterator<Item = Self>>(tallies: I) -> Self {
        tallies.fold(Self::default(), |sum, tally| Self {
            passed: sum.passed + tally.passed,
            failed: sum.failed + tally.failed,
        })
    }
}

fn number_before(text: &str, word: &str) -> Option<u32> {
    text.strip_suffix(word)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn tally(passed: u32, failed: u32) -> Tally {
        Tally { passed, failed }
    }

    #[test]
    fn adds_up_every_test_binary_of_cargo() {
        let output = "running 2 tests\ntest a ... ok\n\
            test result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\
            test result: FAILED. 3 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s\n";
        assert_eq!(Tally::of_cargo(output), tally(5, 1));
    }

    #[test]
    fn reads_the_last_count_of_a_runner() {
        assert_eq!(
            Tally::of_last_line("1 passed, 0 failed\nmore\n7 passed, 2 failed\n\n"),
            tally(7, 2)
        );
        assert_eq!(Tally::of_last_line("all is well"), tally(0, 0));
    }

    #[test]
    fn a_step_without_tests_or_with_an_error_status_has_failed() {
        assert_eq!(tally(0, 0).with_status(true), tally(0, 1));
        assert_eq!(tally(3, 0).with_status(false), tally(3, 1));
        assert_eq!(tally(3, 2).with_status(false), tally(3, 2));
        assert_eq!(tally(3, 0).with_status(true), tally(3, 0));
    }
}
