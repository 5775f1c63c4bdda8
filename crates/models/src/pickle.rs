//! As much of Python's pickle as PyTorch's weight files need (docs.python.org/3/library/pickletools.html).
//!
//! A pickle is a program for a stack machine. This one knows the instructions that `torch.save` emits, builds plain
//! values, runs none of the functions that the file names, and gives up on everything else.

use std::io::{BufRead, Read};
use std::rc::Rc;

/// Values nest no deeper in any weight file; a limit keeps a crafted one from exhausting the call stack.
const DEEPEST: usize = 64;

const TOO_FEW: &str = "its instructions take more values than there are";

/// What a pickle leaves on the stack.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    /// None, booleans and floating numbers: nothing here asks for them.
    Plain,
    Int(i64),
    Text(Rc<str>),
    /// A class or function, `module.name`; never called.
    Global(Rc<str>),
    /// Tuples and lists.
    List(Rc<Vec<Self>>),
    /// Dictionaries, `collections.OrderedDict` too.
    Dict(Rc<Vec<(Self, Self)>>),
    /// `global(*arguments)`, not called.
    Call(Rc<(Self, Self)>),
    /// An object kept outside the pickle, by the tuple that identifies it.
    Persistent(Rc<Self>),
    Mark,
}

impl Value {
    pub(crate) fn as_int(&self) -> Option<usize> {
        match self {
            Self::Int(number) => usize::try_from(*number).ok(),
            _ => None,
        }
    }

    pub(crate) fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn as_list(&self) -> Option<&[Self]> {
        match self {
            Self::List(items) => Some(items),
            _ => None,
        }
    }

    pub(crate) fn as_dict(&self) -> Option<&[(Self, Self)]> {
        match self {
            Self::Dict(entries) => Some(entries),
            _ => None,
        }
    }

    /// The function's name and its arguments.
    pub(crate) fn as_call(&self) -> Option<(&str, &[Self])> {
        let Self::Call(call) = self else { return None };
        match (&call.0, &call.1) {
            (Self::Global(name), Self::List(arguments)) => Some((name, arguments)),
            _ => None,
        }
    }
}

/// Why a pickle could not be read.
pub(crate) type Failure = String;

/// A value, and how deep values nest in it.
type Deep = (Value, usize);

/// The stack and the memo of the machine.
#[derive(Default)]
struct Machine {
    stack: Vec<Deep>,
    memo: Vec<Option<Deep>>,
}

/// Reads one pickle, up to its STOP.
pub(crate) fn read(input: &mut impl BufRead) -> Result<Value, Failure> {
    let mut machine = Machine::default();
    loop {
        if !machine.step(input)? {
            return machine.pop().map(|(value, _)| value);
        }
    }
}

impl Machine {
    /// Runs one instruction; false at STOP.
    fn step(&mut self, input: &mut impl BufRead) -> Result<bool, Failure> {
        let code = number::<1>(input)?[0];
        match code {
            0x80 => drop(number::<1>(input)?),                            // PROTO
            0x95 => drop(number::<8>(input)?),                            // FRAME
            b'(' => self.push(Value::Mark),                               // MARK
            b'N' | 0x88 | 0x89 => self.push(Value::Plain),                // NONE, NEWTRUE, NEWFALSE
            b'K' => self.push(Value::Int(number::<1>(input)?[0].into())), // BININT1
            b'M' => self.push(Value::Int(u16::from_le_bytes(number(input)?).into())), // BININT2
            b'J' => self.push(Value::Int(i32::from_le_bytes(number(input)?).into())), // BININT
            b'G' => {
                number::<8>(input)?; // BINFLOAT
                self.push(Value::Plain);
            }
            0x8a => {
                // LONG1: little endian, two's complement. Longer ones occur as magic numbers only.
                let length = number::<1>(input)?[0].into();
                let bytes = bytes(input, length)?;
                let negative = bytes.last().is_some_and(|byte| byte & 0x80 != 0);
                let mut full = [if negative { 0xff } else { 0 }; 8];
                let kept = bytes.len().min(8);
                full[..kept].copy_from_slice(&bytes[..kept]);
                self.push(Value::Int(i64::from_le_bytes(full)));
            }
            b'X' => {
                let length = u32::from_le_bytes(number(input)?) as usize;
                self.text(input, length)?; // BINUNICODE
            }
            0x8c => {
                let length = number::<1>(input)?[0].into();
                self.text(input, length)?; // SHORT_BINUNICODE
            }
            b'c' => {
                let (module, name) = (line(input)?, line(input)?);
                self.push(Value::Global(format!("{module}.{name}").into())); // GLOBAL
            }
            0x93 => {
                let (name, module) = (self.pop()?.0, self.pop()?.0); // STACK_GLOBAL
                let (Some(module), Some(name)) = (module.as_text(), name.as_text()) else {
                    return Err("a class in it has no name".into());
                };
                self.push(Value::Global(format!("{module}.{name}").into()));
            }
            b')' | b']' => self.push(Value::List(Rc::default())), // EMPTY_TUPLE, EMPTY_LIST
            b'}' => self.push(Value::Dict(Rc::default())),        // EMPTY_DICT
            b't' => {
                let items = self.pop_to_mark()?; // TUPLE
                self.nest(items, |items| Value::List(Rc::new(items)))?;
            }
            0x85..=0x87 => {
                let count = usize::from(code - 0x84); // TUPLE1, TUPLE2, TUPLE3
                let start = self.stack.len().checked_sub(count).ok_or(TOO_FEW)?;
                let items = self.stack.split_off(start);
                self.nest(items, |items| Value::List(Rc::new(items)))?;
            }
            b'a' => {
                let item = self.pop()?; // APPEND
                self.extend(vec![item])?;
            }
            b'e' | b'u' => {
                let items = self.pop_to_mark()?; // APPENDS, SETITEMS
                self.extend(items)?;
            }
            b's' => {
                let (value, key) = (self.pop()?, self.pop()?); // SETITEM
                self.extend(vec![key, value])?;
            }
            b'Q' => {
                let id = self.pop()?; // BINPERSID
                self.nest(vec![id], |mut id| Value::Persistent(Rc::new(id.pop().unwrap_or(Value::Plain))))?;
            }
            b'R' | 0x81 => {
                let (arguments, callable) = (self.pop()?, self.pop()?); // REDUCE, NEWOBJ
                match &callable.0 {
                    Value::Global(name) if &**name == "collections.OrderedDict" => {
                        self.push(Value::Dict(Rc::default()));
                    }
                    _ => {
                        let depth = 1 + arguments.1.max(callable.1);
                        self.push_deep(Value::Call(Rc::new((callable.0, arguments.0))), depth)?;
                    }
                }
            }
            b'b' => drop(self.pop()?), // BUILD: the object's attributes, such as a state dict's _metadata
            b'q' => {
                let index = number::<1>(input)?[0].into(); // BINPUT
                self.remember(index)?;
            }
            b'r' => {
                let index = u32::from_le_bytes(number(input)?) as usize; // LONG_BINPUT
                self.remember(index)?;
            }
            0x94 => self.remember(self.memo.len())?, // MEMOIZE
            b'h' => {
                let index = number::<1>(input)?[0].into(); // BINGET
                self.recall(index)?;
            }
            b'j' => {
                let index = u32::from_le_bytes(number(input)?) as usize; // LONG_BINGET
                self.recall(index)?;
            }
            b'.' => return Ok(false), // STOP
            other => {
                return Err(format!(
                    "it holds the pickle instruction {other:#04x}, which weight files do not use"
                ));
            }
        }
        Ok(true)
    }

    fn push(&mut self, value: Value) {
        self.stack.push((value, 0));
    }

    fn push_deep(&mut self, value: Value, depth: usize) -> Result<(), Failure> {
        if depth > DEEPEST {
            return Err("its values nest too deep".into());
        }
        self.stack.push((value, depth));
        Ok(())
    }

    fn nest(&mut self, items: Vec<Deep>, build: impl FnOnce(Vec<Value>) -> Value) -> Result<(), Failure> {
        let depth = 1 + items.iter().map(|(_, depth)| *depth).max().unwrap_or(0);
        let value = build(items.into_iter().map(|(value, _)| value).collect());
        self.push_deep(value, depth)
    }

    fn pop(&mut self) -> Result<Deep, Failure> {
        self.stack.pop().ok_or_else(|| TOO_FEW.into())
    }

    fn pop_to_mark(&mut self) -> Result<Vec<Deep>, Failure> {
        let mark = self.stack.iter().rposition(|(value, _)| matches!(value, Value::Mark)).ok_or(TOO_FEW)?;
        let items = self.stack.split_off(mark + 1);
        self.stack.truncate(mark);
        Ok(items)
    }

    /// Adds items to the list, or keys and values to the dictionary, on top of the stack.
    fn extend(&mut self, items: Vec<Deep>) -> Result<(), Failure> {
        let (top, depth) = self.stack.last_mut().ok_or(TOO_FEW)?;
        *depth = items.iter().map(|(_, depth)| depth + 1).max().unwrap_or(0).max(*depth);
        if *depth > DEEPEST {
            return Err("its values nest too deep".into());
        }
        let mut items = items.into_iter().map(|(value, _)| value);
        match top {
            Value::List(list) => Rc::make_mut(list).extend(items),
            Value::Dict(dict) => {
                let dict = Rc::make_mut(dict);
                while let (Some(key), Some(value)) = (items.next(), items.next()) {
                    dict.push((key, value));
                }
            }
            // What is put into an object that is not built here.
            _ => {}
        }
        Ok(())
    }

    fn remember(&mut self, index: usize) -> Result<(), Failure> {
        let top = self.stack.last().ok_or("it remembers a value that is not there")?.clone();
        // Indices are given out one after another.
        if index > self.memo.len() + 256 {
            return Err("it numbers its values wildly".into());
        }
        if index >= self.memo.len() {
            self.memo.resize(index + 1, None);
        }
        self.memo[index] = Some(top);
        Ok(())
    }

    fn recall(&mut self, index: usize) -> Result<(), Failure> {
        let value =
            self.memo.get(index).cloned().flatten().ok_or("it recalls a value that it did not keep")?;
        self.stack.push(value);
        Ok(())
    }

    fn text(&mut self, input: &mut impl Read, length: usize) -> Result<(), Failure> {
        let text = String::from_utf8(bytes(input, length)?).map_err(|_| "a name in it is not UTF-8")?;
        self.push(Value::Text(text.into()));
        Ok(())
    }
}

fn number<const N: usize>(input: &mut impl Read) -> Result<[u8; N], Failure> {
    let mut bytes = [0; N];
    input.read_exact(&mut bytes).map_err(|_| "it ends in the middle".to_owned())?;
    Ok(bytes)
}

fn bytes(input: &mut impl Read, length: usize) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let read = input.take(length as u64).read_to_end(&mut bytes);
    match read {
        Ok(read) if read == length => Ok(bytes),
        _ => Err("it ends in the middle".into()),
    }
}

fn line(input: &mut impl BufRead) -> Result<String, Failure> {
    let mut line = Vec::new();
    input.take(1024).read_until(b'\n', &mut line).map_err(|error| error.to_string())?;
    if line.pop() != Some(b'\n') {
        return Err("it ends in the middle".into());
    }
    String::from_utf8(line).map_err(|_| "a name in it is not UTF-8".into())
}
