//! The grammar of JSON (RFC 8259, sections 2 to 7): where each thing ends.

use alloc::vec::Vec;

use super::JsonText;

/// A place in a text. Every step gives `None` where the grammar does not go on.
pub(super) struct Reader<'a> {
    text: &'a str,
    place: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, place: 0 }
    }

    /// The items between two brackets that are all there is.
    pub(super) fn sequence<T>(
        &mut self,
        [open, close]: [u8; 2],
        mut item: impl FnMut(&mut Self) -> Option<T>,
    ) -> Option<Vec<T>> {
        let mut items = Vec::new();
        self.blank();
        self.expect(open)?;
        self.blank();
        if self.peek()? == close {
            self.place += 1;
        } else {
            loop {
                items.push(item(self)?);
                self.blank();
                match self.next()? {
                    b',' => {}
                    byte if byte == close => break,
                    _ => return None,
                }
            }
        }
        self.blank();
        self.peek().is_none().then_some(items)
    }

    /// A value, whatever is in it.
    pub(super) fn value(&mut self) -> Option<JsonText<'a>> {
        self.blank();
        let start = self.place;
        // The brackets that have to be closed, the innermost last.
        let mut open = Vec::new();
        loop {
            self.blank();
            match self.next()? {
                bracket @ (b'{' | b'[') => {
                    // In ASCII each closes two behind the one that opens.
                    open.push(bracket + 2);
                    self.blank();
                    if self.peek()? != bracket + 2 {
                        if bracket == b'{' {
                            self.name()?;
                        }
                        continue;
                    }
                }
                b'"' => self.rest_of_string()?,
                b't' => self.word(b"rue")?,
                b'f' => self.word(b"alse")?,
                b'n' => self.word(b"ull")?,
                first @ (b'-' | b'0'..=b'9') => self.rest_of_number(first)?,
                _ => return None,
            }
            // Here a value has ended, or an empty pair of brackets is about to.
            loop {
                let Some(close) = open.last().copied() else {
                    return self.text.get(start..self.place).map(JsonText);
                };
                self.blank();
                match self.next()? {
                    b',' => {
                        if close == b'}' {
                            self.name()?;
                        }
                        break;
                    }
                    byte if byte == close => open.pop(),
                    _ => return None,
                };
            }
        }
    }

    /// A member's name and its colon.
    pub(super) fn name(&mut self) -> Option<JsonText<'a>> {
        self.blank();
        let start = self.place;
        self.expect(b'"')?;
        self.rest_of_string()?;
        let name = self.text.get(start..self.place).map(JsonText);
        self.blank();
        self.expect(b':')?;
        name
    }

    fn rest_of_string(&mut self) -> Option<()> {
        loop {
            let (words, _) = self.text.as_bytes().get(self.place..)?.as_chunks();
            self.place += 8 * words.iter().take_while(|word| is_plain(word)).count();
            let rest = self.text.as_bytes().get(self.place..)?;
            let plain = rest
                .iter()
                .position(|byte| matches!(byte, b'"' | b'\\' | ..0x20))?;
            self.place += plain;
            match self.next()? {
                b'"' => return Some(()),
                b'\\' => match self.next()? {
                    b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => {}
                    b'u' => {
                        for _ in 0..4 {
                            self.next().filter(u8::is_ascii_hexdigit)?;
                        }
                    }
                    _ => return None,
                },
                _ => return None,
            }
        }
    }

    fn rest_of_number(&mut self, first: u8) -> Option<()> {
        let first = if first == b'-' { self.next()? } else { first };
        match first {
            b'0' => {}
            b'1'..=b'9' => self.digits(),
            _ => return None,
        }
        if self.peek() == Some(b'.') {
            self.place += 1;
            self.next().filter(u8::is_ascii_digit)?;
            self.digits();
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.place += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.place += 1;
            }
            self.next().filter(u8::is_ascii_digit)?;
            self.digits();
        }
        Some(())
    }

    fn digits(&mut self) {
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.place += 1;
        }
    }

    fn word(&mut self, rest: &[u8]) -> Option<()> {
        rest.iter().try_for_each(|byte| self.expect(*byte))
    }

    // Most tokens have none, which costs no call.
    #[inline(always)]
    fn blank(&mut self) {
        if matches!(self.peek(), Some(..=b' ')) {
            self.blanks();
        }
    }

    #[inline(never)]
    fn blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.place += 1;
        }
    }

    fn expect(&mut self, byte: u8) -> Option<()> {
        (self.next()? == byte).then_some(())
    }

    #[inline(always)]
    fn next(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.place += 1;
        Some(byte)
    }

    // A call would cost more than what it does; compiled for size, it would be one.
    #[inline(always)]
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.place).copied()
    }
}

/// Whether none of eight bytes ends a string, escapes or is a control character: all of
/// them at once, because most of a token is in strings.
#[inline(always)]
fn is_plain(bytes: &[u8; 8]) -> bool {
    let all = |byte: u8| u64::from_le_bytes([byte; 8]);
    let bytes = u64::from_le_bytes(*bytes);
    // The highest bit of a byte that is below `least`, or of one above such a byte.
    let below = |bytes: u64, least: u8| bytes.wrapping_sub(all(least)) & !bytes;
    let quote = below(bytes ^ all(b'"'), 1);
    let backslash = below(bytes ^ all(b'\\'), 1);
    (quote | backslash | below(bytes, 0x20)) & all(0x80) == 0
}
