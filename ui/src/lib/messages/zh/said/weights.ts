/** What the engine says about folders of models and adapters that it cannot use. Words in braces are taken over. */
export const weights: Record<string, string> = {
  // Base models.
  '{path} is an adapter folder (adapter_config.json), not a base model':
    '{path} 是适配器文件夹（adapter_config.json），不是基础模型',
  'name its base model ({base}) as the model': '请改用它的基础模型（{base}）',
  '{path} has a config.json but no weights: expected {files}':
    '{path} 有 config.json 但没有权重：应有 {files}',
  'download the model again': '请重新下载模型',
  'download the model again, or choose another one': '请重新下载模型，或选择其他模型',
  'download it again': '请重新下载',
  'no tokenizer in {path}: neither tokenizer.json nor vocab.json with merges.txt is there':
    '{path} 中没有分词器：既没有 tokenizer.json，也没有 vocab.json 和 merges.txt',
  'download the model again, or choose the folder that holds these files':
    '请重新下载模型，或选择含有这些文件的文件夹',
  'download the model again or choose the folder that holds these files':
    '请重新下载模型，或选择含有这些文件的文件夹',
  "download the model's tokenizer again": '请重新下载该模型的分词器',
  '{path} is not a tokenizer file this version understands: {reason}':
    '{path} 不是此版本能识别的分词器文件：{reason}',
  'the tokenizer cannot encode a text of {length} letters: {reason}':
    '分词器无法处理长度为 {length} 的文本：{reason}',
  'the tokenizer cannot decode {count} ids: {reason}': '分词器无法还原 {count} 个编号：{reason}',
  'the id of token {token} is not a number': '词元 {token} 的编号不是数字',
  'it is not an object of tokens and ids': '它不是词元与编号的对照表',
  'line {line} is not two tokens with a blank between': '第 {line} 行不是以空格隔开的两个词元',
  'cannot learn a vocabulary of {count} tokens: {reason}': '无法学习 {count} 个词元的词表：{reason}',
  'the smallest possible is {count}': '最小为 {count}',
  'the sequences give only {count}; use more or longer sequences, or ask for fewer tokens':
    '这些序列只能得到 {count} 个；请使用更多或更长的序列，或减少词元数',
  'the new tokenizer': '新的分词器',
  '{place} lacks the tensor `{name}`{more}': '{place} 缺少张量 `{name}`{more}',
  '{path} holds the tensor `{name}`, which this configuration does not account for':
    '{path} 含有配置中没有的张量 `{name}`',
  'the weights belong to another model than config.json (for instance one with more layers): put the files of one model together':
    '权重与 config.json 属于不同的模型（例如层数更多的模型）：请把同一模型的文件放在一起',
  'the tensor `{name}` in {place} has shape {found}, but the configuration asks for {expected}':
    '{place} 中的张量 `{name}` 形状为 {found}，而配置要求 {expected}',
  'the weights and config.json belong to different models: put the files of one model together':
    '权重与 config.json 属于不同的模型：请把同一模型的文件放在一起',
  'sequence {number} of the batch reaches position {position}, but the model has {limit} positions':
    '批次中第 {number} 条序列到达位置 {position}，而模型只有 {limit} 个位置',
  'shorten the sequences (--max-length {limit} or less)': '请缩短序列（“最大长度”不超过 {limit}）',
  "token id {id} in sequence {number} of the batch is outside the model's vocabulary of {size}":
    '批次中第 {number} 条序列的词元编号 {id} 超出了模型的词表（{size}）',
  'the tokenizer belongs to another model: use the files of one model':
    '分词器属于其他模型：请使用同一模型的文件',
  "this batch can't be run: {reason}": '无法计算此批次：{reason}',
  'a tensor operation failed: {reason}': '张量运算失败：{reason}',
  'of shape {shape}': '形状为 {shape}',
  'no tokenizer in {path}: neither tokenizer.json nor vocab.json with merges.txt is there; download the model again or choose the folder that holds these files':
    '{path} 中没有分词器：请重新下载模型，或选择含有 tokenizer.json 的文件夹',
  '{text} of shape {shape}': '{text}，形状为 {shape}',
  'the rows of ids and mask must all have the same length': '编号与掩码的各行长度必须相同',
  "padded rows need a pad_token_id in the model's configuration to find each row's last token":
    '有填充的行需要模型配置中的 pad_token_id 才能找到末尾词元',
  "the head would read column {column} of row {row}, which the mask leaves out: the padding is not the configuration's pad_token_id ({id})":
    '分类头将读取第 {row} 行第 {column} 列，而掩码排除了它：填充与配置的 pad_token_id（{id}）不符',
  'it holds no sequence': '其中没有序列',
  'sequence {number} has no tokens': '第 {number} 条序列没有词元',
  '{subject} is not a JSON object': '{subject} 不是 JSON 对象',
  '{subject} is not valid JSON ({error})': '{subject} 不是有效的 JSON（{error}）',
  'is not a JSON object': '不是 JSON 对象',
  'is not valid JSON ({error})': '不是有效的 JSON（{error}）',
  '(whole file)': '（整个文件）',
  'copy the adapter again': '请重新复制适配器',
  'there is no such folder': '没有这个文件夹',
  'not named in the file': '文件中没有写明',
  'is {found}, but it must be {expected}': '为 {found}，但应为 {expected}',
  'is {found}, which does not divide n_embd, {width}': '为 {found}，不能整除 n_embd（{width}）',
  'is {found}; supported are {known}': '为 {found}，支持的有 {known}',
  'is true: a decoder that reads an encoder is not supported': '为 true：不支持读取编码器的解码器',
  'a positive whole number': '正整数',
  'a whole number, 0 or above': '不小于 0 的整数',
  'true or false': 'true 或 false',
  'a number from 0 to below 1': '从 0 到小于 1 的数',
  'a number above 0, at most 1': '大于 0 且不超过 1 的数',
  'a token id or null': '词元编号或 null',
  'an object from 0, 1, 2 … to names': '从 0、1、2… 到名称的对照表',
  'a list of names': '名称列表',
  'an object from patterns to numbers': '从模式到数字的对照表',
  'none, all or lora_only': 'none、all 或 lora_only 之一',
  'the download is incomplete, or config.json belongs to another model: download the model again':
    '下载不完整，或 config.json 属于其他模型：请重新下载模型',
  "(there is {name}, which is another program's)": '（有 {name}，那是其他程序的格式）',
  'is no index of weight files ({error})': '不是权重文件的索引（{error}）',
  'names the file `{name}`, which is outside its folder': '指向文件夹之外的文件 `{name}`',
  'names {name}, one of {count} weight files, which is not in the folder':
    '指向 {name}（共 {count} 个权重文件之一），但文件夹中没有它',
  'the model in memory': '内存中的模型',
  'load it again, or give it a head for the task': '请重新载入，或为其配备任务所需的分类头',
  'give the model a {head} for the task before building it': '构建之前请为模型配备任务所需的 {head}',
  // Families of models.
  'dnagpt/dna_gpt2_v0 (GPT-2, byte-level BPE)': 'dnagpt/dna_gpt2_v0（GPT-2，字节级 BPE 分词）',
  'zhangtaolab/plant-dnagpt-6mer (GPT-2, 6-mers)': 'zhangtaolab/plant-dnagpt-6mer（GPT-2，6-mer 分词）',
  'a ModernBERT encoder': 'ModernBERT 编码器',
  'its local attention and pooled head are not implemented': '其局部注意力和池化分类头尚未实现',
  'an ESM encoder (Nucleotide Transformer)': 'ESM 编码器（Nucleotide Transformer）',
  'bidirectional encoders are not implemented': '双向编码器尚未实现',
  'a BERT encoder (DNABERT, DNABERT-2, GROVER, GENA-LM)':
    'BERT 编码器（DNABERT、DNABERT-2、GROVER、GENA-LM）',
  'a Llama-like decoder': '类 Llama 解码器',
  'rotary positions and gated MLPs are not implemented': '旋转位置编码和门控 MLP 尚未实现',
  'a HyenaDNA model': 'HyenaDNA 模型',
  'long convolutions are not implemented': '长卷积尚未实现',
  'a Mamba model (Caduceus)': 'Mamba 模型（Caduceus）',
  'state-space layers are not implemented': '状态空间层尚未实现',
  'a decoder related to GPT-2': '与 GPT-2 相近的解码器',
  "its attention differs from GPT-2's": '其注意力与 GPT-2 不同',
  'is missing, and so is `architectures`: the architecture is unknown':
    '缺失，`architectures` 也缺失：架构未知',
  'supported is gpt2': '支持 gpt2',
  'this version runs GPT-2 models (model_type gpt2)': '此版本运行 GPT-2 模型（model_type 为 gpt2）',
  'its architecture is not supported yet': '其架构尚不支持',
  'its architecture is not supported': '其架构不受支持',
  'use {nearest}, or another model of a supported family': '请使用 {nearest}，或其他受支持的模型',
  'use {nearest}, a folder with config.json and weights, or a Hub id (owner/name)':
    '请使用 {nearest}、含有 config.json 和权重的文件夹，或 Hub 名称（所有者/名称）',
  '{message} Did you mean {nearest}?': '{message}您是指 {nearest} 吗？',
  'works here: {why}': '可在此使用：{why}',
  'does not work yet: {why}': '暂不可用：{why}',
  '{name} is part of the program': '{name} 已内置于程序中',
  'there is nothing to download: name it with --model': '无需下载，直接使用即可',
  'choose another model: `episome hub search`': '请在“模型”界面选择其他模型',
  'no base model': '没有基础模型',
  'name one with --model': '请在“模型”界面选择',
  // Adapters.
  'check the adapter, or copy it again from where it came': '请检查适配器，或从来源处重新复制',
  'copy or export the adapter again': '请重新复制或导出适配器',
  'copy it again; an adapter is a folder, or a zip archive of one':
    '请重新复制；适配器是文件夹或其 zip 压缩包',
  'it holds more than {count} files or {size} GB': '其中超过 {count} 个文件或 {size} GB',
  'the adapter {path} has {outputs} outputs, and its labels.json names {labels} labels':
    '适配器 {path} 有 {outputs} 个输出，而 labels.json 中有 {labels} 个标签',
  'the two belong to different trainings: export the adapter again, or correct labels.json':
    '二者来自不同的训练：请重新导出适配器，或修正 labels.json',
  'name the base model with --model; or {remedy}': '请选择它的基础模型；或：{remedy}',
  'another number of outputs than was recorded': '输出的个数与记录不同',
  'it lacks `{key}`': '缺少 `{key}`',
  'it holds `{extra}`, which the adapter does not have': '含有适配器所没有的 `{extra}`',
  '`{key}` has shape {found}, not {expected}': '`{key}` 的形状为 {found}，而不是 {expected}',
  'it holds config.json, so it is a full model': '其中有 config.json，是完整的模型',
  'choose it as the base model instead': '请将其选作基础模型',
  'choose the folder that peft or Episome wrote': '请选择由 peft 或 Episome 写出的文件夹',
  'it has an adapter_config.json but no adapter_model.safetensors':
    '有 adapter_config.json，但没有 adapter_model.safetensors',
  'copy or download the adapter again': '请重新复制或下载适配器',
  'the task {task}': '任务 {task}',
  'this version runs SEQ_CLS and CAUSAL_LM': '此版本支持 SEQ_CLS 和 CAUSAL_LM',
  'a base model that it does not name': '未写明的基础模型',
  'the target `{pattern}` matches no module of this model{hint}':
    '模式“{pattern}”与该模型的任何模块都不匹配{hint}',
  'nearest: {names}': '最接近的有：{names}',
  'the nearest are {names}; `episome model inspect` lists all':
    '最接近的有 {names}；“方法”界面的模块树列出全部',
  'see the names of the modules with `episome model inspect`': '请在“方法”界面的模块树中查看模块名称',
  'nothing is left to adapt: {reason}': '没有可适配的模块：{reason}',
  'the target {module} is {kind}, which {method} does not adapt here':
    '目标 {module} 是{kind}，{method} 不能适配它',
  'choose linear modules: {names}': '请选择线性模块：{names}',
  '`{pattern}` is not a valid regular expression: {reason}': '`{pattern}` 不是有效的正则表达式：{reason}',
  '{path} is no adapter folder: {reason}': '{path} 不是适配器文件夹：{reason}',
  '{path} uses {what}, which is not supported: {reason}': '{path} 使用了不受支持的{what}：{reason}',
  '{path} lacks {count} of {expected} tensors that its adapter_config.json announces, the first `{name}`':
    '{path} 缺少 adapter_config.json 所列 {expected} 个张量中的 {count} 个，首个为 `{name}`',
  'the adapter would predict with a part of itself: copy or export it again':
    '适配器将只用其一部分进行预测：请重新复制或导出',
  '{path} holds {count} tensors that its adapter_config.json does not account for, the first `{name}`':
    '{path} 含有 adapter_config.json 中没有的 {count} 个张量，首个为 `{name}`',
  'the two files belong to different adapters, or the base model is another one than {base}':
    '两个文件属于不同的适配器，或基础模型不是 {base}',
  'the tensor `{key}` in {path} has shape {found}, but this base model and adapter_config.json ask for {expected}':
    '{path} 中的张量 `{key}` 形状为 {found}，而基础模型和 adapter_config.json 要求 {expected}',
  'the adapter was made for {base}: use that base model': '适配器是为 {base} 制作的：请使用该基础模型',
  '{path} is not empty and holds no adapter, so it is left alone': '{path} 不为空且不是适配器，因此未改动',
  'choose a new folder': '请选择新的文件夹',
  'the checkpoint does not fit this adapter: {reason}': '检查点与此适配器不符：{reason}',
  'is not a list of labels ({error}): expected {example}': '不是标签列表（{error}）：应为 {example}',
  'names no base model (base_model_name_or_path)': '没有写明基础模型（base_model_name_or_path）',
  'say which one it was trained on (--model)': '请指明它是在哪个基础模型上训练的',
  'is 0, but a rank must be at least 1': '为 0，而秩至少应为 1',
  'is {value}, but it must be from 0 to below 1': '为 {value}，但应从 0 到小于 1',
  'is {value}, but it must be above 0': '为 {value}，但应大于 0',
  'a layer norm': '层归一化',
  'an embedding': '嵌入层',
  'tied to the token embedding': '与词元嵌入共享的层',
  'DoRA (use_dora)': 'DoRA 变体（use_dora）',
  'QALoRA (use_qalora)': 'QALoRA 变体（use_qalora）',
  'block-diagonal LoRA (use_bdlora)': '块对角 LoRA（use_bdlora）',
  'a bias in lora_B (lora_bias)': 'lora_B 中的偏置（lora_bias）',
  'repeated layers (layer_replication)': '重复的层（layer_replication）',
  'adapted parameters (target_parameters)': '适配参数（target_parameters）',
  'trained tokens (trainable_token_indices)': '训练的词元（trainable_token_indices）',
  'activated LoRA (alora_invocation_tokens)': '激活式 LoRA（alora_invocation_tokens）',
  'Megatron layers (megatron_config)': 'Megatron 层（megatron_config）',
  'LoftQ (loftq_config)': 'LoftQ 变体（loftq_config）',
  'Arrow routing (arrow_config)': 'Arrow 路由（arrow_config）',
  'KaSA (kasa_config)': 'KaSA 变体（kasa_config）',
  'MonteCLoRA (monteclora_config)': 'MonteCLoRA 变体（monteclora_config）',
  'VeLoRA (velora_config)': 'VeLoRA 变体（velora_config）',
  'this version computes plain LoRA and rsLoRA, so its predictions would be wrong':
    '此版本只计算普通 LoRA 和 rsLoRA，预测结果会出错',
  'use it in Python with peft, or merge it there': '请在 Python 中用 peft 使用或合并它',
  'a start that changes the base model (init_lora_weights: {start})':
    '会改变基础模型的初始化方式（init_lora_weights：{start}）',
  'a variant of LoRA that is unknown here ({field})': '此处未知的 LoRA 变体（{field}）',
  'is {value}, but it must be {expected}': '为 {value}，但应为 {expected}',
  'it was made by the `adapters` library, whose format this version does not read':
    '它由 `adapters` 库制作，此版本不读取该格式',
  '`peft_type` is missing, so the file was not written by peft': '缺少 `peft_type`，因此不是 peft 写出的文件',
  'this version reads and trains LORA adapters': '此版本读取和训练 LORA 适配器',
  'train a LoRA adapter, or use this one in Python with peft':
    '请训练 LoRA 适配器，或在 Python 中用 peft 使用它',
  'the name is unknown': '名称未知',
  'the method {name}': '方法 {name}',
  'names {module}, whose weights the token embedding and the output share: training one of them alone is not supported':
    '指定了 {module}，其权重由词元嵌入和输出共享：不支持只训练其中之一',
  'must hold names only': '只能是名称',
  'is {value}, but it must be a list of names or a pattern': '为 {value}，但应为名称列表或模式',
  'is empty: name at least one module, or all-linear': '为空：请至少指定一个模块，或使用 all-linear',
  'applies to a list of target_modules only; put the layers into the pattern instead':
    '只适用于 target_modules 列表；请把层写入模式',
  '{hint} (a pattern must match the full name)': '{hint}（模式须匹配完整名称）',
  '(a pattern must match the full name)': '（模式须匹配完整名称）',
  'all {count} matching modules are excluded or trained whole (modules_to_save)':
    '匹配的 {count} 个模块都已被排除或整体训练（modules_to_save）',
  '{count} modules match, none of them in the layers {layers}; layers are counted from 0':
    '有 {count} 个模块匹配，但都不在层 {layers} 中；层从 0 开始计数',
  'the adapter is no classifier: it has no head with classes': '该适配器不是分类器：没有带类别的输出头',
  'give another value': '请换一个值',
  'name the base model that it was made for ({base}) with --model': '请选择它所对应的基础模型（{base}）',
};
