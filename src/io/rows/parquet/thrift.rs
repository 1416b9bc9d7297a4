//! Messages in Thrift's compact form, of which Parquet's footers and the heads of its pages are made, as far as it
//! takes to check them before another reader believes them.

/// What a field or an element of a list holds.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    /// A whole number or a truth value.
    Integer(i64),
    /// A short text.
    Text(Vec<u8>),
    /// A float, a map or a long text, whose content does not matter here.
    Other,
    /// A list or a set.
    List(Vec<Value>),
    /// A message: its fields by their numbers.
    Message(Vec<(i16, Value)>),
}

impl Value {
    /// The content of a field; of two fields with one number the last, as readers have it.
    pub fn field(&self, number: i16) -> Option<&Self> {
        let Self::Message(fields) = self else { return None };
        fields.iter().rfind(|(known, _)| *known == number).map(|(_, value)| value)
    }

    /// The number in a field.
    pub fn integer(&self, number: i16) -> Option<i64> {
        match self.field(number)? {
            Self::Integer(value) => Some(*value),
            _ => None,
        }
    }

    /// The list in a field; empty where there is none.
    pub fn list(&self, number: i16) -> &[Self] {
        match self.field(number) {
            Some(Self::List(values)) => values,
            _ => &[],
        }
    }
}

/// Parquet's own messages are nested less than half as deep.
const DEEPEST: usize = 24;

/// Texts that are longer are not kept.
const LONGEST_TEXT: u64 = 64;

/// The message at the beginning of some bytes, and how many of them it takes. `None` where there is no whole one, where
/// it is nested too deep, or where a list is longer than the bytes could hold.
pub(super) fn message(bytes: &[u8]) -> Option<(Value, usize)> {
    let mut rest = bytes;
    let value = fields(&mut rest, DEEPEST)?;
    Some((value, bytes.len() - rest.len()))
}

fn byte(rest: &mut &[u8]) -> Option<u8> {
    let (&first, after) = rest.split_first()?;
    *rest = after;
    Some(first)
}

fn skip(rest: &mut &[u8], n: u64) -> Option<()> {
    *rest = rest.get(usize::try_from(n).ok()?..)?;
    Some(())
}

/// Seven bits a byte, the lowest first.
fn varint(rest: &mut &[u8]) -> Option<u64> {
    let mut value = 0u64;
    for shift in (0..64).step_by(7) {
        let next = byte(rest)?;
        value |= u64::from(next & 0x7f) << shift;
        if next & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

/// Positive and negative numbers take turns.
fn zigzag(rest: &mut &[u8]) -> Option<i64> {
    let value = varint(rest)?;
    Some((value >> 1) as i64 ^ -((value & 1) as i64))
}

fn fields(rest: &mut &[u8], depth: usize) -> Option<Value> {
    let depth = depth.checked_sub(1)?;
    let mut fields = Vec::new();
    let mut number = 0i16;
    loop {
        let head = byte(rest)?;
        if head == 0 {
            return Some(Value::Message(fields));
        }
        let step = i16::from(head >> 4);
        number = match step {
            0 => i16::try_from(zigzag(rest)?).ok()?,
            step => number.checked_add(step)?,
        };
        let value = match head & 0x0f {
            // In a field, a truth value stands in the head.
            1 => Value::Integer(1),
            2 => Value::Integer(0),
            kind => content(rest, kind, depth)?,
        };
        fields.push((number, value));
    }
}

fn content(rest: &mut &[u8], kind: u8, depth: usize) -> Option<Value> {
    match kind {
        1..=3 => Some(Value::Integer(byte(rest)? as i8 as i64)),
        4..=6 => Some(Value::Integer(zigzag(rest)?)),
        7 => skip(rest, 8).map(|()| Value::Other),
        8 => {
            let n = varint(rest)?;
            let text: &[u8] = rest;
            skip(rest, n)?;
            let is_short = n <= LONGEST_TEXT;
            Some(if is_short { Value::Text(text[..n as usize].into()) } else { Value::Other })
        }
        9 | 10 => list(rest, depth),
        11 => map(rest, depth),
        12 => fields(rest, depth),
        _ => None,
    }
}

fn list(rest: &mut &[u8], depth: usize) -> Option<Value> {
    let depth = depth.checked_sub(1)?;
    let head = byte(rest)?;
    let n = match head >> 4 {
        15 => varint(rest)?,
        few => few.into(),
    };
    // Every element takes a byte at least.
    let n = usize::try_from(n).ok().filter(|&n| n <= rest.len())?;
    (0..n).map(|_| content(rest, head & 0x0f, depth)).collect::<Option<_>>().map(Value::List)
}

fn map(rest: &mut &[u8], depth: usize) -> Option<Value> {
    let depth = depth.checked_sub(1)?;
    let n = varint(rest)?;
    if n != 0 {
        let kinds = byte(rest)?;
        for _ in 0..n {
            content(rest, kinds >> 4, depth)?;
            content(rest, kinds & 0x0f, depth)?;
        }
    }
    Some(Value::Other)
}
