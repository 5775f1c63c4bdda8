//! A model's tensors by name.

use std::collections::BTreeMap;

use candle_core::{DType, Tensor, Var};

use crate::{Error, Module, Result};

/// Tensors by their canonical names, as transformers has them in the full model: `transformer.h.0.attn.c_attn.weight`,
/// `score.weight`. A trainable one is a [`Var`]'s tensor.
#[derive(Clone, Debug, Default)]
pub struct Weights {
    tensors: BTreeMap<String, Tensor>,
}

impl Weights {
    /// The tensor of that name, or an error that says that it is missing.
    pub fn get(&self, name: &str) -> Result<&Tensor> {
        self.tensors.get(name).ok_or_else(|| Error::MissingTensor {
            name: name.to_owned(),
            shape: Vec::new(),
            place: "the model in memory".into(),
            advice: "Load it again, or give it a head for the task".into(),
        })
    }

    /// Whether there is a tensor of that name.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        self.tensors.contains_key(name)
    }

    /// Puts a tensor under a name, in place of what was there.
    pub fn insert(&mut self, name: impl Into<String>, tensor: Tensor) {
        self.tensors.insert(name.into(), tensor);
    }

    /// Takes a tensor out.
    pub fn remove(&mut self, name: &str) -> Option<Tensor> {
        self.tensors.remove(name)
    }

    /// All, in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Tensor)> {
        self.tensors.iter().map(|(name, tensor)| (name.as_str(), tensor))
    }

    /// Makes the tensor of that name trainable: an f32 copy of its own, which models built afterwards use.
    pub fn train(&mut self, name: &str) -> Result<Var> {
        let variable = Var::from_tensor(&self.get(name)?.to_dtype(DType::F32)?.copy()?)?;
        self.insert(name, variable.as_tensor().clone());
        Ok(variable)
    }

    /// Makes every tensor trainable, for training from the ground up; in the order of their names.
    pub fn train_all(&mut self) -> Result<Vec<(String, Var)>> {
        let names: Vec<String> = self.tensors.keys().cloned().collect();
        names.into_iter().map(|name| Ok((name.clone(), self.train(&name)?))).collect()
    }

    /// Refuses missing tensors and wrong shapes.
    pub(crate) fn check(&self, modules: &[Module]) -> Result<()> {
        for module in modules.iter().filter(|module| module.parameters > 0) {
            for (name, expected) in module.tensors() {
                let place = "the model in memory".to_owned();
                let Some(tensor) = self.tensors.get(&name) else {
                    let advice = format!("Give the model a {} for the task before building it", module.name);
                    return Err(Error::MissingTensor { name, shape: expected, place, advice });
                };
                if tensor.dims() != expected {
                    return Err(Error::Shape { name, place, expected, found: tensor.dims().to_vec() });
                }
            }
        }
        Ok(())
    }
}
