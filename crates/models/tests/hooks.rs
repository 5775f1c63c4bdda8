//! What an adapter answers at each of the seven points takes the place of the model's own value, and dropout is a
//! function of its seed.

#![allow(clippy::unwrap_used)] // Helpers of tests.

use std::sync::Mutex;

use candle_core::{DType, Device, Tensor};
use episome_models::{
    Base, Batch, Config, Context, Error, Gpt2Config, Hook, LayerNorm, Linear, NoHook, Result, Task, random,
};

const TASK: Task = Task::SequenceClassification { labels: 2 };

fn base() -> Base {
    let shape = Gpt2Config { n_layer: 2, n_embd: 16, n_head: 2, n_positions: 12, ..Gpt2Config::small(9) };
    let mut base = Base::random(Config::Gpt2(shape), 1, &Device::Cpu).unwrap();
    base.new_head(2, 1).unwrap();
    base
}

fn batch() -> Batch {
    Batch::packed(&[&[1, 2, 3], &[4, 5], &[6, 7, 8, 1, 2]], None, &Device::Cpu).unwrap()
}

fn logits(hook: &dyn Hook, task: Task, batch: &Batch) -> Vec<f32> {
    let model = base().build(task).unwrap();
    let logits = model.forward(batch, &Context { hook, dropout_seed: None }).unwrap();
    logits.flatten_all().unwrap().to_vec1().unwrap()
}

fn assert_close(found: &[f32], expected: &[f32]) {
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(expected) {
        assert!((found - expected).abs() < 1e-5, "{found} {expected}");
    }
}

/// Notes what it is asked, and answers nothing.
#[derive(Default)]
struct Listener(Mutex<Vec<String>>);

impl Listener {
    fn note<T>(&self, what: impl Into<String>) -> Result<Option<T>> {
        self.0.lock().unwrap().push(what.into());
        Ok(None)
    }
}

impl Hook for Listener {
    fn linear(&self, layer: &Linear, input: &Tensor, _: &Context) -> Result<Option<Tensor>> {
        self.note(format!("linear {} {:?}", layer.name(), input.dims()))
    }
    fn norm(&self, layer: &LayerNorm, _: &Tensor, _: &Context) -> Result<Option<Tensor>> {
        self.note(format!("norm {}", layer.name()))
    }
    fn embedded(&self, _: &Tensor, _: &Batch, _: &Context) -> Result<Option<(Tensor, Batch)>> {
        self.note("embedded")
    }
    fn embedding(&self, _: &Tensor, _: &Context) -> Result<Option<Tensor>> {
        self.note("embedding")
    }
    fn keys_values(&self, layer: usize, _: &Context) -> Result<Option<(Tensor, Tensor)>> {
        self.note(format!("keys_values {layer}"))
    }
    fn sublayer(&self, module: &str, _: &Tensor, _: &Tensor, _: &Context) -> Result<Option<Tensor>> {
        self.note(format!("sublayer {module}"))
    }
    fn head(&self, hidden: &Tensor, _: &Context) -> Result<Option<Tensor>> {
        self.note(format!("head {:?}", hidden.dims()))
    }
}

#[test]
fn every_point_is_asked_in_the_order_of_the_forward_pass() {
    let listener = Listener::default();
    let found = logits(&listener, TASK, &batch());
    assert_eq!(found, logits(&NoHook, TASK, &batch()));
    let block = |layer: usize, rows: usize| {
        let name = format!("transformer.h.{layer}");
        vec![
            format!("norm {name}.ln_1"),
            format!("linear {name}.attn.c_attn [10, 16]"),
            format!("keys_values {layer}"),
            format!("linear {name}.attn.c_proj [{rows}, 16]"),
            format!("sublayer {name}.attn"),
            format!("norm {name}.ln_2"),
            format!("linear {name}.mlp.c_fc [{rows}, 16]"),
            format!("linear {name}.mlp.c_proj [{rows}, 64]"),
            format!("sublayer {name}.mlp"),
        ]
    };
    let mut expected = vec!["embedded".to_owned(), "embedding".to_owned()];
    expected.extend(block(0, 10));
    // After its attention the last block is computed on the rows that the head reads: one a sequence.
    expected.extend(block(1, 3));
    expected.extend(["norm transformer.ln_f", "head [3, 16]", "linear score [3, 16]"].map(str::to_owned));
    assert_eq!(*listener.0.lock().unwrap(), expected);
}

/// Answers at one point.
enum Answer {
    Embedding,
    Sublayer,
    Norm,
    Head,
    Virtual,
    Prefix,
}

impl Hook for Answer {
    fn embedding(&self, output: &Tensor, _: &Context) -> Result<Option<Tensor>> {
        Ok(if matches!(self, Self::Embedding) { Some(output.zeros_like()?) } else { None })
    }
    fn sublayer(&self, module: &str, output: &Tensor, _: &Tensor, _: &Context) -> Result<Option<Tensor>> {
        let last = module.ends_with("h.1.mlp") && matches!(self, Self::Sublayer);
        Ok(if last { Some((output * 100.0)?) } else { None })
    }
    fn norm(&self, layer: &LayerNorm, input: &Tensor, _: &Context) -> Result<Option<Tensor>> {
        let last = layer.name().ends_with("ln_f") && matches!(self, Self::Norm);
        Ok(if last { Some(input.zeros_like()?) } else { None })
    }
    fn head(&self, hidden: &Tensor, _: &Context) -> Result<Option<Tensor>> {
        Ok(if matches!(self, Self::Head) { Some(hidden.narrow(1, 0, 2)?.ones_like()?) } else { None })
    }
    /// One virtual token before every sequence: the vector of token 8.
    fn embedded(&self, tokens: &Tensor, batch: &Batch, _: &Context) -> Result<Option<(Tensor, Batch)>> {
        if !matches!(self, Self::Virtual) {
            return Ok(None);
        }
        let weights = base().weights;
        let token = weights.get("transformer.wte.weight")?.narrow(0, 8, 1)?;
        let longer: Vec<Vec<u32>> =
            sequences(batch).into_iter().map(|rest| [vec![8], rest].concat()).collect();
        let rows: Vec<&[u32]> = longer.iter().map(Vec::as_slice).collect();
        let parts: Vec<Tensor> = batch
            .segments
            .iter()
            .flat_map(|range| [token.clone(), tokens.narrow(0, range.start, range.len()).unwrap()])
            .collect();
        Ok(Some((Tensor::cat(&parts, 0)?, Batch::packed(&rows, None, &Device::Cpu)?)))
    }
    /// Keys and values that are all 0.
    fn keys_values(&self, _: usize, _: &Context) -> Result<Option<(Tensor, Tensor)>> {
        let zeros = Tensor::zeros((3, 16), DType::F32, &Device::Cpu)?;
        Ok(if matches!(self, Self::Prefix) { Some((zeros.clone(), zeros)) } else { None })
    }
}

fn sequences(batch: &Batch) -> Vec<Vec<u32>> {
    let tokens = batch.tokens.to_vec1::<u32>().unwrap();
    batch.segments.iter().map(|range| tokens[range].to_vec()).collect()
}

#[test]
fn answers_take_the_place_of_the_models_own_values() {
    let own = logits(&NoHook, TASK, &batch());
    for answer in
        [Answer::Embedding, Answer::Sublayer, Answer::Norm, Answer::Head, Answer::Virtual, Answer::Prefix]
    {
        assert_ne!(logits(&answer, TASK, &batch()), own);
    }
    // Without positions and tokens all sequences are alike; a norm of 0 leaves the head, without a bias, nothing.
    let alike = logits(&Answer::Embedding, TASK, &batch());
    assert_close(&alike[..2], &alike[2..4]);
    assert_eq!(logits(&Answer::Norm, TASK, &batch()), vec![0.0; 6]);
    assert_eq!(logits(&Answer::Head, TASK, &batch()), vec![1.0; 6]);
}

#[test]
fn virtual_tokens_count_as_tokens() {
    let found = logits(&Answer::Virtual, TASK, &batch());
    let real = Batch::packed(&[&[8, 1, 2, 3], &[8, 4, 5], &[8, 6, 7, 8, 1, 2]], None, &Device::Cpu).unwrap();
    assert_close(&found, &logits(&NoHook, TASK, &real));
}

#[test]
fn a_prefix_is_seen_by_every_token_of_every_sequence() {
    // Three keys and values of 0 before each sequence: attention of the first token is softmax(s, 0, 0, 0)·(v, 0, 0, 0)
    // instead of v. It is seen in a model of one head and one block whose c_attn gives q = k = 0 and v = 1.
    let shape = Gpt2Config { n_layer: 1, n_embd: 4, n_head: 1, n_positions: 8, ..Gpt2Config::small(5) };
    let mut base = Base::random(Config::Gpt2(shape), 1, &Device::Cpu).unwrap();
    let set = |base: &mut Base, name: &str, tensor: Tensor| {
        base.weights.insert(format!("transformer.{name}"), tensor)
    };
    let zeros = |shape: (usize, usize)| Tensor::zeros(shape, DType::F32, &Device::Cpu).unwrap();
    set(&mut base, "h.0.attn.c_attn.weight", zeros((4, 12)));
    let bias: Vec<f32> = (0..12).map(|index| if index < 8 { 0.0 } else { 1.0 }).collect();
    set(&mut base, "h.0.attn.c_attn.bias", Tensor::new(bias, &Device::Cpu).unwrap());

    struct Prefix(Mutex<Option<Tensor>>);
    impl Hook for Prefix {
        fn keys_values(&self, _: usize, _: &Context) -> Result<Option<(Tensor, Tensor)>> {
            let zeros = Tensor::zeros((3, 4), DType::F32, &Device::Cpu)?;
            Ok(Some((zeros.clone(), zeros)))
        }
        fn linear(&self, layer: &Linear, input: &Tensor, _: &Context) -> Result<Option<Tensor>> {
            if layer.name().ends_with("attn.c_proj") {
                *self.0.lock().unwrap() = Some(input.clone());
            }
            Ok(None)
        }
    }
    let prefix = Prefix(Mutex::new(None));
    let model = base.build(Task::CausalLanguageModelling).unwrap();
    let batch = Batch::packed(&[&[1, 2], &[3]], None, &Device::Cpu).unwrap();
    model.forward(&batch, &Context { hook: &prefix, dropout_seed: None }).unwrap();
    // Own tokens of value 1 among all that are seen: 1 of 4, 2 of 5, and again 1 of 4.
    let seen = prefix.0.lock().unwrap().take().unwrap().narrow(1, 0, 1).unwrap().flatten_all().unwrap();
    assert_close(&seen.to_vec1::<f32>().unwrap(), &[0.25, 0.4, 0.25]);
}

#[test]
fn an_adapters_failure_is_told() {
    struct Failing;
    impl Hook for Failing {
        fn head(&self, _: &Tensor, _: &Context) -> Result<Option<Tensor>> {
            Err(Error::Hook("the head has a cold".into()))
        }
    }
    let context = Context { hook: &Failing, dropout_seed: None };
    let error = base().build(TASK).unwrap().forward(&batch(), &context).unwrap_err();
    assert_eq!(error.to_string(), "the head has a cold");
}

#[test]
fn dropout_is_a_function_of_its_seed_and_off_at_inference() {
    let model = base().build(TASK).unwrap();
    let run = |dropout_seed| {
        let logits = model.forward(&batch(), &Context { hook: &NoHook, dropout_seed }).unwrap();
        logits.flatten_all().unwrap().to_vec1::<f32>().unwrap()
    };
    assert_eq!(run(None), run(None));
    assert_eq!(run(Some(1)), run(Some(1)));
    assert_ne!(run(Some(1)), run(Some(2)));
    assert_ne!(run(Some(1)), run(None));
    let context = Context { hook: &NoHook, dropout_seed: Some(1) };
    let (one, other) = (context.dropout("a", 0.1).unwrap(), context.dropout("b", 0.1).unwrap());
    assert_ne!(one.seed, other.seed);
    assert!(context.dropout("a", 0.0).is_none());
}

#[test]
fn what_a_model_cannot_look_up_is_refused() {
    let model = base().build(TASK).unwrap();
    let refuse = |sequences: &[&[u32]]| {
        let batch = Batch::packed(sequences, None, &Device::Cpu).unwrap();
        model.forward(&batch, &Context::inference()).unwrap_err().to_string()
    };
    let foreign = refuse(&[&[1], &[2, 9]]);
    assert!(foreign.contains("token id 9 in sequence 2") && foreign.contains("vocabulary of 9"), "{foreign}");
    let long = refuse(&[&[1; 12], &[1; 13]]);
    assert!(long.contains("sequence 2") && long.contains("12 positions"), "{long}");
    for sequences in [&[][..], &[&[1][..], &[]]] {
        assert!(Batch::packed(sequences, None, &Device::Cpu).is_err());
    }
    assert!(Batch::padded(&[vec![1, 2], vec![3]], None, Some(0), &Device::Cpu).is_err());
    assert!(Batch::padded(&[vec![1, 2], vec![3, 0]], None, None, &Device::Cpu).is_err());
    // The last token that is no padding by its id is left out by the mask: two opinions on what padding is.
    let refused =
        Batch::padded(&[vec![1, 2]], Some(&[vec![1, 0]]), Some(0), &Device::Cpu).unwrap_err().to_string();
    assert!(refused.contains("pad_token_id (0)"), "{refused}");
}

#[test]
fn a_model_in_half_precision_trains_its_f32_tensors() {
    let wide = base();
    let mut narrow = wide.clone();
    for (name, tensor) in wide.weights.iter() {
        narrow.weights.insert(name, tensor.to_dtype(DType::BF16).unwrap());
    }
    let trained = [
        "score.weight",
        "transformer.h.0.attn.c_attn.bias",
        "transformer.wpe.weight",
        "transformer.ln_f.weight",
    ];
    let variables: Vec<_> = trained.iter().map(|name| narrow.weights.train(name).unwrap()).collect();
    let logits = narrow.build(TASK).unwrap().forward(&batch(), &Context::inference()).unwrap();
    let expected = wide.build(TASK).unwrap().forward(&batch(), &Context::inference()).unwrap();
    let difference = (&logits - expected).unwrap().abs().unwrap().flatten_all().unwrap().max(0).unwrap();
    // bf16 keeps 8 bits: 2⁻⁸ of logits that are a few tenths.
    assert!(difference.to_scalar::<f32>().unwrap() < 4e-3, "{difference}");
    let target = Tensor::new(&[0u32, 1, 0], &Device::Cpu).unwrap();
    let gradients = kernels::backward(&kernels::cross_entropy(&logits, &target, None).unwrap()).unwrap();
    for (name, variable) in trained.iter().zip(&variables) {
        assert_eq!(gradients.get(variable).unwrap().dtype(), DType::F32, "{name}");
    }
}

#[test]
fn new_weights_have_the_spread_of_transformers() {
    let shape = Gpt2Config { n_layer: 8, n_embd: 64, n_head: 2, n_positions: 32, ..Gpt2Config::small(100) };
    let base = Base::random(Config::Gpt2(shape), 5, &Device::Cpu).unwrap();
    let deviation = |name: &str| {
        let values = base.weights.get(&format!("transformer.{name}")).unwrap().flatten_all().unwrap();
        let values = values.to_vec1::<f32>().unwrap();
        (values.iter().map(|value| value * value).sum::<f32>() / values.len() as f32).sqrt()
    };
    for (name, expected) in [
        ("wte.weight", 0.02),
        ("h.3.attn.c_attn.weight", 0.02),
        // 0.02/√(2·8): both projections that feed the residual stream.
        ("h.3.attn.c_proj.weight", 0.005),
        ("h.3.mlp.c_proj.weight", 0.005),
        ("h.3.ln_1.weight", 1.0),
        ("h.3.attn.c_attn.bias", 0.0),
    ] {
        // The smallest, wte, has 6,400 numbers: its deviation is known to 1/√12,800, 0.9 %; four of these.
        assert!((deviation(name) - expected).abs() <= 0.036 * expected, "{name}: {}", deviation(name));
    }
    let uniform = random::uniform(1, "x", 4, 1.0, &Device::Cpu).unwrap();
    assert_eq!(uniform.dtype(), DType::F32);
}
