/** What the engine says about its settings: names, help and explanations, and about its presets. */
export const settings: Record<string, string> = {
  'A first look: two passes over the data with a small adapter. Enough to see whether there is something to learn.':
    '先看一眼：用小适配器把数据过两遍，足以判断是否有东西可学。',
  'The usual choice: up to six passes, and the end as soon as the validation records stop improving.':
    '通常的选择：最多过六遍数据，验证集不再提高就结束。',
  'For the final result: a larger adapter, a lower learning rate, up to twenty passes. Takes several times as long.':
    '用于最终结果：更大的适配器、更低的学习率，最多过二十遍数据，耗时是前者的数倍。',

  'Sequence column': '序列列',
  'Column that holds the sequences': '存放序列的列',
  'A table may have several columns. Name the one with the DNA if the guess is wrong; `episome data inspect` shows the guess.':
    '表格可能有多列。如果猜错了，请指明存放 DNA 的那一列；`episome data inspect` 会显示猜测结果。',
  'Label column': '标签列',
  'Column that holds the labels': '存放标签的列',
  'The label is what the model learns to predict, such as promoter or not. Name its column if the guess is wrong.':
    '标签是模型要学会预测的内容，例如是否为启动子。如果猜错了，请指明它所在的列。',
  'Id column': '名称列',
  'Column that holds the names of the records': '存放记录名称的列',
  'The name of a record comes back beside its prediction. Without such a column the records are numbered.':
    '记录的名称会与其预测结果一同给出。没有这一列时，记录将被编号。',
  'Split column': '划分列',
  'Column that says train, validation or test': '标明训练、验证或测试的列',
  'If your table already says which record is for training and which is held out, that division is kept as it is.':
    '如果表格已经标明哪些记录用于训练、哪些留出，就按原样保留。',
  'Group column': '分组列',
  'Column whose equal values stay in one split': '取值相同的记录归入同一部分',
  'Records of one gene family, chromosome or individual resemble each other. Kept in one split, they cannot make the test look easier than new data will be.':
    '同一基因家族、染色体或个体的记录彼此相似。把它们放在同一部分，测试就不会比面对新数据时显得更容易。',
  'Split by': '划分方式',
  'How records are divided where no file does it': '没有文件规定时，如何划分记录',
  'auto keeps what a column of the file says, or divides at random. random divides at random whatever a column says. similarity keeps sequences that resemble each other in one split, so that the test is not easier than new data will be.':
    '“自动”按文件中的列划分，没有则随机划分；“随机”不看列，一律随机；“相似性”把彼此相似的序列放在同一部分，使测试不会比面对新数据时更容易。',
  Repair: '修复',
  'Records that are left out before training': '训练前要略去的记录',
  'unlabelled leaves out records that have no label, contradictions sequences that stand under two labels, leaks training records that validation or test hold too, duplicates records that repeat an earlier one; on either strand. The file stays as it is.':
    '“矛盾”略去同时带有两种标签的序列，“泄漏”略去验证集或测试集中也有的训练记录，“重复”略去与前面相同的记录；两条链都计入。文件本身不变。',
  'Validation fraction': '验证集比例',
  'Share of the records that choose the best checkpoint': '用于挑选最佳版本的记录比例',
  'These records are not trained on. They are looked at after every epoch to choose the best state of the model. Without a file given by --validation they are drawn from the training file, each class in proportion.':
    '这些记录不参与训练，每轮之后用来挑选模型的最佳状态。没有单独给出验证文件时，从训练文件中按类别比例抽取。',
  'Test fraction': '测试集比例',
  'Share of the records that judge the model once, at the end': '最后只评判一次模型的记录比例',
  'These records are used a single time, after everything is decided, so that their score is what you may expect of new data. Without a file given by --test they are drawn from the training file. 0 leaves the test out.':
    '这些记录只在一切确定之后使用一次，因此其得分就是面对新数据时可以预期的水平。没有单独给出测试文件时，从训练文件中抽取。0 表示不做测试。',
  'Skip invalid': '跳过损坏的记录',
  'Leave out broken records instead of stopping': '略过损坏的记录而不是停止',
  'A record that is not DNA stops the run with its line number. With this switch such records are left out, counted, and listed in the run folder.':
    '遇到不是 DNA 的记录时，训练会停止并给出行号。打开此开关后，这类记录会被略过、计数，并列在训练文件夹中。',

  Method: '方法',
  'Fine-tuning method': '微调方法',
  'LoRA leaves the base model untouched and trains small matrices beside it: a file of a few megabytes instead of a copy of the whole model, and less risk of forgetting what the base knows.':
    'LoRA 不改动基础模型，只在旁边训练小矩阵：得到几兆字节的文件，而不是整个模型的副本，也不易遗忘基础模型的知识。',
  Rank: '秩',
  'Rank of the LoRA matrices': 'LoRA 矩阵的秩',
  'How much the adapter can learn. 8 is a good start; more helps with many thousands of sequences and costs memory; with a few hundred sequences less is safer.':
    '适配器能学多少。从 8 开始较好；序列成千上万时可以更大，但更占内存；只有几百条序列时小一些更稳妥。',
  Alpha: 'Alpha',
  'Strength of the LoRA matrices': 'LoRA 矩阵的作用强度',
  "The adapter's contribution is multiplied by alpha divided by rank. Twice the rank is usual; raising it acts like a higher learning rate.":
    '适配器的作用会乘以 alpha 除以秩。通常取秩的两倍；调高它相当于提高学习率。',
  Dropout: '随机失活',
  "Share of the adapter's inputs blanked in each step": '每一步中被置零的适配器输入比例',
  'Blanking a random share of the inputs in every step keeps the adapter from learning single sequences by heart. 0.05 to 0.2 for small data, 0 for very large data.':
    '每一步随机置零一部分输入，可避免适配器死记个别序列。小数据用 0.05 到 0.2，很大的数据用 0。',
  Target: '目标模块',
  'Modules of the model that are adapted': '要适配的模型模块',
  'Names as `episome model inspect` lists them, their endings (c_attn), or patterns (transformer.h.*.attn.c_attn). all-linear adapts every linear layer: slower than the attention alone (c_attn in GPT-2), and usually better.':
    '填写下方列出的名称、名称的结尾（c_attn）或通配模式（transformer.h.*.attn.c_attn）。all-linear 适配所有线性层：比只适配注意力（GPT-2 中的 c_attn）慢，但通常更好。',
  Exclude: '排除',
  'Modules that are left alone although --target names them': '目标模块中仍要排除的模块',
  'An ending or a full name. Use it to adapt nearly everything, for instance all-linear without mlp.c_fc.':
    '名称的结尾或全名。适合“几乎全部”的情形，例如 all-linear 但不含 mlp.c_fc。',
  Layers: '层',
  'Layers that are adapted, counted from 0': '要适配的层，从 0 计数',
  'All layers unless some are named. Adapting the upper layers alone is faster, since the gradients need not reach the lower ones.':
    '不填则为全部层。只适配较高的层更快，因为梯度不必传到较低的层。',
  Bias: '偏置',
  'Biases that are trained too': '同时训练的偏置',
  "none keeps the base exactly as it was when the adapter is switched off. all and lora_only train the model's biases, or those of the adapted modules, as well.":
    '“不训练”使得取下适配器后基础模型与原先完全一致。另外两项还会训练模型的偏置，或仅被适配模块的偏置。',
  'Rank-stabilized scaling (rsLoRA)': 'rsLoRA 缩放',
  'Scale by alpha / √rank instead of alpha / rank': '按 alpha / √秩 缩放，而不是 alpha / 秩',
  'With the usual scaling a high rank learns slowly. rsLoRA (Kalajdzievski 2023) divides by the square root of the rank instead; worth it from rank 32 on.':
    '按通常的缩放，秩高时学得慢。rsLoRA（Kalajdzievski 2023）改为除以秩的平方根；秩在 32 以上时值得使用。',
  'Modules to save': '完整保存的模块',
  'Modules that are trained in full and saved too': '完整训练并一同保存的模块',
  'The classification head is always among them. Naming more makes the adapter larger by the size of these modules.':
    '分类头始终包含在内。增加其他模块会使适配器变大，增幅为这些模块的大小。',

  Epochs: '轮数',
  'How often every sequence is seen': '每条序列被看多少遍',
  'One epoch is one pass over the training sequences. Small data needs more (10 to 30), large data fewer (2 to 5). The best state is kept, so too many cost time, not quality.':
    '一轮就是把训练序列过一遍。小数据需要多些（10 到 30），大数据可以少些（2 到 5）。最佳状态会被保留，轮数过多只费时间，不损质量。',
  Steps: '步数',
  'Stop after that many steps, whatever --epochs says': '到此步数即停止，不论轮数',
  'A step is one batch of sequences and one change of the adapter. Useful for a quick trial; leave it empty otherwise.':
    '一步是处理一批序列并更新一次适配器。适合快速试验，其他情况请留空。',
  'Batch size': '批大小',
  'Sequences in each step': '每一步的序列数',
  'More sequences in a step make a steadier, but rarer, change and need more memory. 8 to 32 is usual; halve it if memory runs out.':
    '一步中的序列越多，更新越平稳，但次数越少，也更占内存。通常取 8 到 32；内存不足时减半。',
  'Learning rate': '学习率',
  'Size of each change': '每次更新的幅度',
  'Too low and the model learns nothing in the given time, too high and it diverges. LoRA takes 1e-4 to 2e-3; large models want the lower end.':
    '太低则在给定时间内学不到东西，太高则会发散。LoRA 取 1e-4 到 2e-3；大模型宜取较低的值。',
  'Weight decay': '权重衰减',
  'Pull of the weights towards zero': '把权重拉向零的力度',
  'A slight pull towards zero in each step (AdamW) that keeps weights from growing without need. It seldom needs a change.':
    '每一步把权重略微拉向零（AdamW），避免不必要的增大。很少需要修改。',
  Scheduler: '学习率曲线',
  'Course of the learning rate': '学习率的变化方式',
  'linear and cosine let the learning rate fall to zero by the end, so that the last steps settle. constant keeps it.':
    '线性和余弦让学习率在结束时降到零，使最后几步趋于稳定。“保持不变”则不降。',
  Warmup: '预热',
  'Steps, or share of all steps, in which the learning rate rises': '学习率上升阶段的步数或比例',
  'The first changes are made small, because the first gradients are wild. Below 1 it is a share of all steps (0.06 is 6 %), from 1 on a number of steps.':
    '最初的梯度波动大，所以先用小幅更新。小于 1 表示占总步数的比例（0.06 即 6 %），1 及以上表示步数。',
  Clip: '梯度裁剪',
  'Largest joint norm of the gradients; 0 is no limit': '梯度总范数的上限，0 表示不限',
  'A single odd batch cannot throw the model off when the size of a change is limited. 1 is usual.':
    '限制每次更新的幅度，个别异常批次就不会让模型跑偏。通常取 1。',
  'Max length': '最大长度',
  'Most tokens of a sequence; the rest is cut off': '每条序列的最多词元数，超出部分截去',
  'A token stands for a few letters. Longer sequences are cut at their end, which is counted and reported. Empty means as many as the model can take; shorter is faster.':
    '一个词元代表几个碱基。更长的序列从末尾截断，截断会被计数并报告。留空表示模型所能容纳的最大长度；越短越快。',
  Order: '顺序',
  'Order of the sequences': '序列的顺序',
  'length puts sequences of similar length into one step, in random order. shuffled ignores the length; take it when classes differ in length. given keeps the order of the file.':
    '“长度相近的放在一起”把长度相近的序列放入同一步，次序随机。“随机”不看长度，类别之间长度不同时宜选用。也可以保持文件中的顺序。',

  Metric: '指标',
  'Metric by which the best state is chosen': '挑选最佳状态所用的指标',
  'Computed on the validation records after every epoch. MCC is fair when one class is rarer than the other; accuracy is not; loss also rewards honest probabilities.':
    '每轮之后在验证集上计算。类别不均衡时 MCC 仍然公平，准确率则不然；损失还会奖励可信的概率。',
  'Early stopping': '提前停止',
  'End after that many evaluations without improvement': '连续多少次评估没有提高就结束',
  'Saves time when the model has stopped getting better. 2 or 3 is usual; empty trains to the end.':
    '模型不再变好时可以省时间。通常取 2 或 3；留空则训练到底。',
  'Evaluation steps': '评估间隔',
  'Steps between two evaluations': '两次评估之间的步数',
  'Empty evaluates at the end of each epoch. For very large data, where an epoch takes long, evaluate more often.':
    '留空则每轮结束时评估。数据很大、一轮很久时，可以更频繁地评估。',
  Baseline: '基线',
  'Do not fit a k-mer baseline beside the model': '不在模型旁边拟合 k-mer 基线',
  'Beside every training a simple model that only counts short words (k-mers of 1 to 6 letters) is fitted to the same records. The report says what the language model adds to it, if anything.':
    '每次训练都会在同样的记录上拟合一个只统计短词（1 到 6 个碱基的 k-mer）的简单模型。报告会说明语言模型比它多带来了什么。',

  Seed: '随机种子',
  'Number from which all random choices follow': '决定一切随机选择的数',
  'The same seed, data and settings on the same machine give the same adapter. Repeat a training with other seeds to see how much of a difference is luck.':
    '在同一台机器上，种子、数据和设置相同，得到的适配器就相同。换种子重复训练，可以看出差异中有多少是运气。',
  Device: '计算设备',
  'Processor or graphics card': '处理器或显卡',
  'auto takes a graphics card where one is there that Episome can use, else the processor. `episome doctor` shows what there is. A run that goes on may be moved to another device (`episome resume --device`).':
    '“自动”在有 Episome 可用的显卡时使用显卡，否则用处理器。`episome doctor` 会列出可用的设备。继续运行时可以换到另一设备（`episome resume --device`）。',
  Dtype: '精度',
  'Precision of the base model': '基础模型的精度',
  'f32 is exact and the only fast one on a processor. bf16 and f16 halve the memory of the base model and of what is computed, for graphics cards: the base model and the computation are in 16 bits, what is trained and the loss stay in 32. auto is bf16 on a graphics card that has it, else f32.':
    '32 位精确，也是处理器上唯一快速的选择。bf16 和 f16 供显卡使用，使基础模型和计算占用的内存减半：基础模型和计算用 16 位，训练的部分和损失保持 32 位。“自动”在支持 bf16 的显卡上用 bf16，否则用 32 位。',
  'Frozen cache': '冻结层缓存',
  'Compute the frozen lower layers once': '冻结的下层只计算一次',
  "Where --layers puts the adapter in upper layers only, the layers below give the same in every epoch: kept, an epoch takes half the time or less. They then run without the base model's dropout; auto keeps them where there is none and they take less than 4 GB of disk.":
    '适配器只放在上层时，下面各层在每一轮都给出相同的结果：保留下来，每轮用时可减半甚至更少。此时下层不使用基础模型的随机失活；“自动”会在基础模型没有随机失活、且占用磁盘不到 4 GB 时保留。',
  'Gradient checkpointing': '梯度检查点',
  'Need less memory, for a third more time': '占用更少内存，用时约增加三分之一',
  'Keeps only what stands between the layers and computes their insides a second time. For long sequences or large batches that do not fit into memory; the results are the same.':
    '只保留层与层之间的结果，层内部在反向传播时再算一遍。适合内存放不下的长序列或大批次；结果不变。',
  'Checkpoint steps': '检查点间隔（步）',
  'Steps between two checkpoints': '两个检查点之间的步数',
  'A checkpoint is where `episome resume` goes on after a crash. There is one at every evaluation and by the clock; this adds more.':
    '检查点是意外中断后继续训练的起点。每次评估时以及按时间间隔都会保存；此处可再增加。',
  'Checkpoint seconds': '检查点间隔（秒）',
  'Seconds between two checkpoints': '两个检查点之间的秒数',
  'After a crash or a power cut at most this much work is repeated; the result is the same to the bit. 0 leaves it to the evaluations and --checkpoint-steps.':
    '崩溃或断电之后，最多重做这么久的工作，结果逐位相同。0 表示只在评估时和按步数间隔保存。',
};
