//! How a fused kernel enters candle's graph, and what it leaves there for the backward pass.
//!
//! candle's graph keeps the operation behind a tensor to itself (`Tensor::op` is not public), so that only candle's own
//! walk could run a backward pass. That walk begins every gradient with a tensor of zeros and adds to it on one
//! thread, which costs about as much as the fused kernels together. So each kernel also registers its node under the
//! id of its result, for as long as that lives, and [`backward`](crate::backward) finds it there. candle's
//! `Tensor::backward` works on the same graph and gives the same gradients.

use crate::{Error, Result};
use candle_core::{CpuStorage, CustomOp1, CustomOp2, CustomOp3, Layout, Shape, Tensor, TensorId};
use std::{
    cell::Cell,
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

    /// The gradients of the inputs for which `wanted` is true, in the order of the inputs.
    fn backward(&self, step: &Step<'_>) -> Result<Vec<Option<Tensor>>>;
}

/// One step of the backward pass.
pub(crate) struct Step<'a> {
    /// All inputs of the forward pass.
    pub(crate) inputs: &'a [Tensor],
    /// The inputs that ask for a gradient.
    pub(crate) wanted: &'a [bool],
    /// The gradient of the result.
    pub(crate) gradient: &'a Tensor,
}

/// A result that knows the way back.
pub(crate) struct Node {
    /// Counts nodes in the order of their making: inputs come before results.
    pub(crate) number: u64,
    pub(crate) inputs: Vec<Tensor>,
    wanted: Vec<bool>,
    kernel: Box<dyn Kernel>,
    /// The result, until candle has taken it.
    value: Mutex<Option<(Vec<f32>, Shape)>>,
    id: OnceLock<TensorId>,
}

type Nodes = HashMap<TensorId, Weak<Node>>;

/// The nodes of all results that live. It holds none alive.
static NODES: LazyLock<Mutex<Nodes>> = LazyLock::new(Mutex::default);
static COUNT: AtomicU64 = AtomicU64::new(0);

fn nodes() -> MutexGuard<'static, Nodes> {
    NODES.lock().unwrap_or_else(PoisonError::into_inner)
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
    }
}

impl Node {
    /// The gradients of the tracked inputs.
    pub(crate) fn backward(&self, gradient: &Tensor) -> Result<Vec<Option<Tensor>>> {
        self.kernel.backward(&Step { inputs: &self.inputs, wanted: &self.wanted, gradient })
    }

    fn tracked_gradients(&self, gradient: &Tensor) -> candle_core::Result<Vec<Tensor>> {
        Ok(self.backward(gradient)?.into_iter().flatten().collect())
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

/// Makes a tensor of a kernel's result. Only where an input is tracked does `kernel` have to say the way back.
pub(crate) fn record<K: Kernel>(
    value: Vec<f32>,
    shape: impl Into<Shape>,
    inputs: &[&Tensor],
    kernel: impl FnOnce() -> K,
) -> Result<Tensor> {
    let shape = shape.into();
    let wanted: Vec<bool> = inputs.iter().map(|input| is_tracked(input)).collect();
    let tracked: Vec<&Tensor> = inputs.iter().filter(|input| is_tracked(input)).copied().collect();
    let Some(first) = tracked.first() else {
        return Ok(Tensor::from_vec(value, shape, &candle_core::Device::Cpu)?);
    };
    let kernel = kernel();
    let operation = kernel.name();
    let node = Arc::new(Node {
        number: COUNT.fetch_add(1, Ordering::Relaxed),
        inputs: inputs.iter().copied().cloned().collect(),
        wanted,
        kernel: Box::new(kernel),
        value: Mutex::new(Some((value, shape))),
        id: OnceLock::new(),
    });
    let link = Link(node.clone());
    let result = match tracked[..] {
        [_] => first.apply_op1(link)?,
        [_, second] => first.apply_op2(second, link)?,
        [_, second, third] => first.apply_op3(second, third, link)?,
        _ => {
            return Err(Error::TooManyTracked { operation, tracked: tracked.len() });
        }
    };
    if node.id.set(result.id()).is_ok() {
        nodes().insert(result.id(), Arc::downgrade(&node));
    }
    Ok(result)
}

/// The node as candle sees it: an operation of one to three tracked inputs, whose result is there already.
struct Link(Arc<Node>);

impl Link {
    fn take(&self) -> candle_core::Result<(CpuStorage, Shape)> {
        let value = self.0.value.lock().unwrap_or_else(PoisonError::into_inner).take();
        let (value, shape) = value.ok_or_else(|| {
            candle_core::Error::Msg(format!("{}: the result is gone", self.0.kernel.name()))
        })?;
        Ok((CpuStorage::F32(value), shape))
    }
}

impl CustomOp1 for Link {
    fn name(&self) -> &'static str {
        self.0.kernel.name()
    }

    fn cpu_fwd(&self, _: &CpuStorage, _: &Layout) -> candle_core::Result<(CpuStorage, Shape)> {
        self.take()
    }

    fn bwd(&self, _: &Tensor, _: &Tensor, gradient: &Tensor) -> candle_core::Result<Option<Tensor>> {
        Ok(self.0.tracked_gradients(gradient)?.into_iter().next())
    }
}

impl CustomOp2 for Link {
    fn name(&self) -> &'static str {
        self.0.kernel.name()
    }

    fn cpu_fwd(
        &self,
        _: &CpuStorage,
        _: &Layout,
        _: &CpuStorage,
        _: &Layout,
    ) -> candle_core::Result<(CpuStorage, Shape)> {
        self.take()
    }

    fn bwd(
        &self,
        _: &Tensor,
        _: &Tensor,
        _: &Tensor,
        gradient: &Tensor,
    ) -> candle_core::Result<(Option<Tensor>, Option<Tensor>)> {
        let mut gradients = self.0.tracked_gradients(gradient)?.into_iter();
        Ok((gradients.next(), gradients.next()))
    }
}

impl CustomOp3 for Link {
    fn name(&self) -> &'static str {
        self.0.kernel.name()
    }

    fn cpu_fwd(
        &self,
        _: &CpuStorage,
        _: &Layout,
        _: &CpuStorage,
        _: &Layout,
        _: &CpuStorage,
        _: &Layout,
    ) -> candle_core::Result<(CpuStorage, Shape)> {
        self.take()
    }

    fn bwd(
        &self,
        _: &Tensor,
        _: &Tensor,
        _: &Tensor,
        _: &Tensor,
        gradient: &Tensor,
    ) -> candle_core::Result<(Option<Tensor>, Option<Tensor>, Option<Tensor>)> {
        let mut gradients = self.0.tracked_gradients(gradient)?.into_iter();
        Ok((gradients.next(), gradients.next(), gradients.next()))
    }
}

#[cfg(test)]
mod tests {
    use candle_core::{DType, Device, Var};

    use super::*;
    use crate::{Layout, backward, linear};

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
}
