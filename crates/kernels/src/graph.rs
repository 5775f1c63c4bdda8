//! How a fused kernel enters candle's graph, and what it leaves there for the backward pass.
//!
//! candle keeps every argument of an operation alive for as long as its result is, whether its backward pass reads it
//! or not. Of a frozen layer it does not: half of what a LoRA step would hold is never looked at again. candle's walk
//! also begins every gradient with a tensor of zeros and adds to it on one thread, which costs about as much as the fused
//! kernels together. So each kernel keeps a [`Node`]: where its inputs come from, and the values of those that its
//! backward pass reads. A result is found by its id for as long as it lives, and [`backward`](crate::backward) goes from
//! node to node. To candle a result hangs on a variable of no meaning, so that what candle computes from it is tracked;
//! candle's own walk hands the gradients that reach a result over to ours.

use crate::{Error, Result, host};
use candle_core::{
    CpuStorage, CudaStorage, CustomOp1, DType, Device, Layout, Shape, Storage, Tensor, TensorId, Var,
    op::BackpropOp,
};
use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
    sync::{
        Arc, LazyLock, Mutex, MutexGuard, OnceLock, PoisonError, Weak,
        atomic::{AtomicU64, Ordering},
    },
};

/// What a kernel keeps from its forward pass, and how it goes back.
pub(crate) trait Kernel: Send + Sync + 'static {
    /// The operation's name in messages.
    fn name(&self) -> &'static str;

    /// Whether the backward pass to the `wanted` inputs reads the values of input `index`.
    fn reads(&self, index: usize, wanted: &[bool]) -> bool;

    /// Whether the backward pass reads the result.
    fn reads_result(&self) -> bool {
        false
    }

    /// The gradients of the inputs for which `wanted` is true, in the order of the inputs.
    fn backward(&self, step: &Step<'_>) -> Result<Vec<Option<Tensor>>>;
}

/// One step of the backward pass.
pub(crate) struct Step<'a> {
    operation: &'static str,
    inputs: &'a [Input],
    result: Option<&'a Tensor>,
    /// The inputs that ask for a gradient, of all of the forward pass.
    pub(crate) wanted: &'a [bool],
    /// The gradient of the result.
    pub(crate) gradient: &'a Tensor,
}

impl Step<'_> {
    /// The values of an input that the kernel [`reads`](Kernel::reads), in order.
    pub(crate) fn input(&self, index: usize) -> Result<Tensor> {
        let value = self.inputs.get(index).and_then(|input| input.value.as_ref());
        let missing = || Error::NotKept { operation: self.operation, input: index };
        host::in_order(value.ok_or_else(missing)?)
    }

    /// The result, where the kernel [`reads`](Kernel::reads_result) it.
    pub(crate) fn result(&self) -> Result<&Tensor> {
        let missing = || Error::NotKept { operation: self.operation, input: self.inputs.len() };
        self.result.ok_or_else(missing)
    }
}

/// An input of a kernel.
struct Input {
    source: Source,
    /// Only where the backward pass reads it.
    value: Option<Tensor>,
}

/// Where a tensor comes from, as the backward pass sees it.
pub(crate) enum Source {
    /// It asks for no gradient.
    Constant,
    /// A variable.
    Variable(Tensor),
    /// The result of a kernel.
    Kernel(Arc<Node>),
    /// The result of an operation of candle's, with the number of the first node that reads it.
    Candle(Tensor, u64),
}

impl Source {
    /// Of the result that a walk begins with.
    pub(crate) fn root(tensor: &Tensor) -> Self {
        Self::of(tensor, |_| u64::MAX)
    }

    fn of(tensor: &Tensor, first: impl FnOnce(TensorId) -> u64) -> Self {
        if tensor.is_variable() {
            Self::Variable(tensor.clone())
        } else if let Some(node) = node(tensor) {
            Self::Kernel(node)
        } else if tensor.track_op() {
            Self::Candle(tensor.clone(), first(tensor.id()))
        } else {
            Self::Constant
        }
    }
}

/// A result that knows the way back.
pub(crate) struct Node {
    /// Counts nodes in the order of their making: inputs come before results.
    pub(crate) number: u64,
    inputs: Vec<Input>,
    wanted: Vec<bool>,
    kernel: Box<dyn Kernel>,
    /// The result, until candle has taken it.
    value: Mutex<Option<(Storage, Shape)>>,
    /// Only where the backward pass reads it; without the way back, which would hold the node alive.
    result: OnceLock<Tensor>,
    id: OnceLock<TensorId>,
}

type Nodes = HashMap<TensorId, Weak<Node>>;

/// The nodes of all results that live. It holds none alive.
static NODES: LazyLock<Mutex<Nodes>> = LazyLock::new(Mutex::default);
/// The first node that reads a result of candle's, for as long as that node lives.
static FIRST_READERS: LazyLock<Mutex<HashMap<TensorId, u64>>> = LazyLock::new(Mutex::default);
static COUNT: AtomicU64 = AtomicU64::new(0);

fn nodes() -> MutexGuard<'static, Nodes> {
    NODES.lock().unwrap_or_else(PoisonError::into_inner)
}

fn first_readers() -> MutexGuard<'static, HashMap<TensorId, u64>> {
    FIRST_READERS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The node behind a tensor, if a fused kernel made it.
pub(crate) fn node(tensor: &Tensor) -> Option<Arc<Node>> {
    nodes().get(&tensor.id()).and_then(Weak::upgrade)
}

impl Drop for Node {
    fn drop(&mut self) {
        if let Some(id) = self.id.get() {
            nodes().remove(id);
        }
        for input in &self.inputs {
            if let Source::Candle(tensor, first) = &input.source
                && *first == self.number
            {
                first_readers().remove(&tensor.id());
            }
        }
    }
}

impl Node {
    /// The tracked inputs' gradients, each with where it goes.
    pub(crate) fn backward(&self, gradient: &Tensor) -> Result<impl Iterator<Item = (&Source, Tensor)>> {
        let operation = self.kernel.name();
        let (inputs, result) = (&self.inputs, self.result.get());
        let step = Step { operation, inputs, result, wanted: &self.wanted, gradient };
        let gradients = self.kernel.backward(&step)?;
        let sources = self.inputs.iter().map(|input| &input.source);
        Ok(sources.zip(gradients).filter_map(|(source, gradient)| Some((source, gradient?))))
    }
}

thread_local! {
    /// Whether this thread's kernels leave a way back.
    static RECORDING: Cell<bool> = const { Cell::new(true) };
}

/// Runs `work` without leaving a way back: what the kernels compute in it on this thread asks for no gradient, even of
/// trained tensors, and so nothing of it outlives its use. For inference and scoring.
///
/// The forward pass of GPT-2 small on 4,096 tokens keeps 2.5 GB for a backward pass that never comes.
pub fn without_gradients<R>(work: impl FnOnce() -> R) -> R {
    recording(false, work)
}

/// Whether kernels on this thread leave a way back.
pub(crate) fn is_recording() -> bool {
    RECORDING.get()
}

/// Runs `work` with kernels that leave a way back, or none.
pub(crate) fn recording<R>(recording: bool, work: impl FnOnce() -> R) -> R {
    struct Restored(bool);
    impl Drop for Restored {
        fn drop(&mut self) {
            RECORDING.set(self.0);
        }
    }
    let _restored = Restored(RECORDING.replace(recording));
    work()
}

/// Whether a tensor asks for a gradient here.
pub(crate) fn is_tracked(tensor: &Tensor) -> bool {
    is_recording() && tensor.track_op()
}

/// The result of a composition of candle's operations, which record whatever they do.
pub(crate) fn settled(result: Result<Tensor>) -> Result<Tensor> {
    Ok(if is_recording() { result? } else { result?.detach() })
}

/// Makes a tensor of a kernel's result, f32 on the CPU. Only where an input is tracked does `kernel` have to say the
/// way back.
pub(crate) fn record<K: Kernel>(
    value: Vec<f32>,
    shape: impl Into<Shape>,
    inputs: &[&Tensor],
    kernel: impl FnOnce() -> K,
) -> Result<Tensor> {
    record_storage(Storage::Cpu(CpuStorage::F32(value)), shape, inputs, kernel)
}

/// The same for a result of any dtype, on the CPU or an NVIDIA card.
pub(crate) fn record_storage<K: Kernel>(
    value: Storage,
    shape: impl Into<Shape>,
    inputs: &[&Tensor],
    kernel: impl FnOnce() -> K,
) -> Result<Tensor> {
    let shape = shape.into();
    let wanted: Vec<bool> = inputs.iter().map(|input| is_tracked(input)).collect();
    if !wanted.contains(&true) {
        return Ok(Tensor::from_storage(value, shape, BackpropOp::none(), false));
    }
    let kernel = kernel();
    let (reads_result, device) = (kernel.reads_result(), value.device());
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let first = |id| *first_readers().entry(id).or_insert(number);
    let kept = |(index, input): (usize, &&Tensor)| Input {
        source: if wanted[index] { Source::of(input, first) } else { Source::Constant },
        value: kernel.reads(index, &wanted).then(|| input.detach()),
    };
    let node = Arc::new(Node {
        number,
        inputs: inputs.iter().enumerate().map(kept).collect(),
        wanted,
        kernel: Box::new(kernel),
        value: Mutex::new(Some((value, shape))),
        result: OnceLock::new(),
        id: OnceLock::new(),
    });
    let result = anchor(&device)?.apply_op1(Link(node.clone()))?;
    if reads_result {
        node.result.get_or_init(|| result.detach());
    }
    if node.id.set(result.id()).is_ok() {
        nodes().insert(result.id(), Arc::downgrade(&node));
    }
    Ok(result)
}

/// The variable that every result on a device hangs on in candle's graph.
fn anchor(device: &Device) -> Result<Var> {
    static ANCHORS: Mutex<Vec<Var>> = Mutex::new(Vec::new());
    let mut anchors = ANCHORS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(anchor) = anchors.iter().find(|anchor| anchor.device().location() == device.location()) {
        return Ok(anchor.clone());
    }
    let anchor = Var::zeros((), DType::F32, device)?;
    anchors.push(anchor.clone());
    Ok(anchor)
}

/// Kernels' results with the gradients that reached them.
type Reached = Vec<(Arc<Node>, Tensor)>;

thread_local! {
    /// What candle's walk reaches on behalf of ours; none while candle walks alone.
    static REACHED: RefCell<Option<Reached>> = const { RefCell::new(None) };
}

/// Runs a walk of candle's and gives, beside its outcome, the gradients that reached kernels' results.
pub(crate) fn reached<R>(walk: impl FnOnce() -> R) -> (R, Reached) {
    struct Restored(Option<Reached>);
    impl Drop for Restored {
        fn drop(&mut self) {
            REACHED.set(self.0.take());
        }
    }
    let _restored = Restored(REACHED.replace(Some(Vec::new())));
    let outcome = walk();
    (outcome, REACHED.take().unwrap_or_default())
}

/// The node as candle sees it: an operation on the anchor, whose result is there already.
struct Link(Arc<Node>);

impl Link {
    fn value(&self) -> candle_core::Result<(Storage, Shape)> {
        let value = self.0.value.lock().unwrap_or_else(PoisonError::into_inner).take();
        value.ok_or_else(|| self.gone())
    }

    fn gone(&self) -> candle_core::Error {
        candle_core::Error::Msg(format!("{}: the result is gone", self.0.kernel.name()))
    }
}

impl CustomOp1 for Link {
    fn name(&self) -> &'static str {
        self.0.kernel.name()
    }

    fn cpu_fwd(&self, _: &CpuStorage, _: &Layout) -> candle_core::Result<(CpuStorage, Shape)> {
        match self.value()? {
            (Storage::Cpu(value), shape) => Ok((value, shape)),
            _ => Err(self.gone()),
        }
    }

    fn cuda_fwd(&self, _: &CudaStorage, _: &Layout) -> candle_core::Result<(CudaStorage, Shape)> {
        match self.value()? {
            (Storage::Cuda(value), shape) => Ok((value, shape)),
            _ => Err(self.gone()),
        }
    }

    fn bwd(&self, _: &Tensor, _: &Tensor, gradient: &Tensor) -> candle_core::Result<Option<Tensor>> {
        REACHED.with_borrow_mut(|reached| match reached {
            Some(reached) => {
                reached.push((self.0.clone(), gradient.clone()));
                Ok(None)
            }
            None => Err(Error::CandlesWalk { operation: self.0.kernel.name() }.into()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Layout, Segments, add, attention, backward, gpu, linear};

    #[test]
    fn without_gradients_there_is_no_way_back_and_afterwards_there_is() {
        for dtype in [DType::F32, DType::F64] {
            let x = Tensor::ones((2, 3), dtype, &Device::Cpu).unwrap();
            let weight = Var::ones((4, 3), dtype, &Device::Cpu).unwrap();
            let layer = || linear(&x, &weight, Layout::OutIn, None).unwrap();
            let alone = without_gradients(|| {
                without_gradients(layer);
                layer()
            });
            assert!(!alone.track_op() && node(&alone).is_none());
            let tracked = layer();
            assert!(tracked.track_op());
            assert_eq!(alone.to_dtype(DType::F64).unwrap().to_vec2::<f64>().unwrap(), [[3.0; 4]; 2]);
            assert!(backward(&tracked.sum_all().unwrap()).unwrap().get(&weight).is_some());
        }
    }

    #[test]
    fn only_what_the_way_back_reads_is_kept() {
        only_what_is_read_is_kept_on(&Device::Cpu);
        gpu::with_card(only_what_is_read_is_kept_on);
    }

    fn only_what_is_read_is_kept_on(device: &Device) {
        let x = Var::ones((2, 3), DType::F32, device).unwrap();
        let (frozen, trained) =
            (x.ones_like().unwrap(), Var::ones((4, 3), DType::F32, &Device::Cpu).unwrap());
        let kept = |result: &Tensor| -> Vec<bool> {
            node(result).unwrap().inputs.iter().map(|input| input.value.is_some()).collect()
        };
        let frozen_layer = linear(&x, &frozen, Layout::OutIn, None).unwrap();
        assert_eq!(kept(&frozen_layer), [false, true]);
        assert_eq!(kept(&linear(&x, &trained, Layout::OutIn, None).unwrap()), [true, true]);
        assert_eq!(kept(&linear(&frozen, &trained, Layout::OutIn, None).unwrap()), [true, false]);
        assert_eq!(kept(&add(&frozen_layer, &frozen_layer).unwrap()), [false, false]);
        // A kept result holds neither itself nor its node alive.
        let attended = attention(&x, 1, &Segments::from_lengths(&[2]), 1.0, true, None).unwrap();
        let alive = Arc::downgrade(&node(&attended).unwrap());
        assert!(kept(&attended)[0] && alive.upgrade().is_some());
        drop(attended);
        assert!(alive.upgrade().is_none());
    }
}
