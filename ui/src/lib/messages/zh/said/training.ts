/** What the engine says while it trains. */
export const training: Record<string, string> = {
  'Reading the sequences': '正在读取序列',
  'Looking for duplicates and contradictions': '正在查找重复和矛盾',
  'Turning sequences into tokens': '正在把序列切分为词元',
  'Loading the base model': '正在载入基础模型',
  'Loading the base model and the adapter': '正在载入基础模型和适配器',
  'Fitting the k-mer baseline to the same records': '正在用同样的记录拟合 k-mer 基线',
  'Scoring the test split': '正在测试集上评分',
  'Scoring the validation split': '正在验证集上评分',
  'Scoring the records': '正在评分',
  'Writing the adapter and the report': '正在写入适配器和报告',
  'The training loss ended at {loss}, where guessing alone gives {guessing}: the training diverged.':
    '训练损失最终为 {loss}，而随机猜测为 {guessing}：训练已发散。',
  'train again with a learning rate of {rate} or less': '请以不高于 {rate} 的学习率重新训练',
  'train again with a learning rate of {rate} or less and with gradient clipping (--clip 1)':
    '请以不高于 {rate} 的学习率并把“梯度裁剪”设为 1 重新训练',
  'train again with a higher learning rate, such as {rate}': '请以更高的学习率（例如 {rate}）重新训练',
  'train for more epochs, try another learning rate, and look whether the labels are right and whether one class is far more common than the others':
    '请增加轮数、换用其他学习率，并检查标签是否正确、是否有某一类别远多于其他类别',
  '{message} What to do: {remedy}.': '{message}解决办法：{remedy}。',
  '--learning-rate {rate} is far from the usual {least} to {most}; the training may come to nothing.':
    '学习率 {rate} 与通常的 {least} 到 {most} 相差很远，训练可能毫无结果。',
  // What keeps a run from being started or going on.
  '{path} is not empty: a run is never written over another': '{path} 不为空：不会覆盖已有的训练',
  'choose a new folder, or go on with `episome resume {path}`': '请换一个文件夹，或继续该训练',
  '{path} is not a run: it has no run.json': '{path} 不是训练：没有 run.json',
  'give the folder that was named with --out when the training was started': '请选择该训练的文件夹',
  '{path} is not being trained now': '{path} 目前没有在训练',
  '{path} is not being trained now. `episome resume {run}` goes on with a run that was interrupted':
    '{path} 目前没有在训练。中断的训练可以继续',
  '`episome resume {path}` goes on with a run that was interrupted': '中断的训练可以继续',
  '{path} has not taken a step yet: there is nothing to judge': '{path} 还没有训练过一步，没有可评估的内容',
  'let it train first, by `episome resume`': '请先让它训练',
  '{path} has finished already; its adapter is in {folder}': '{path} 已经完成，其适配器在 {folder}',
  'to train longer, start a new run with --config {path} and more epochs':
    '要训练更久，请以相同设置和更多轮数开始新的训练',
  '{path} cannot be understood: {reason}': '无法理解 {path}：{reason}',
  'the file was changed or cut short; restore it, or start a new run':
    '文件被改动或不完整；请恢复它，或开始新的训练',
  'the checkpoint has no fitting tensor {tensor}: it comes from another configuration or is damaged':
    '检查点中没有匹配的张量 {tensor}：它来自其他设置或已损坏',
  'start a new run with --config run.json': '请以相同设置开始新的训练',
  '{path} has changed since the run started (its SHA-256 was {expected} and is {found})':
    '{path} 自训练开始后被改动（SHA-256 原为 {expected}，现为 {found}）',
  'restore the file, or start a new run': '请恢复文件，或开始新的训练',
  'check the path; if a run needs it, put it back where it was': '请检查路径；如果训练需要它，请放回原处',
  'the base model in {path} is not the one that the run started with (SHA-256 {expected}, now {found})':
    '{path} 中的基础模型与训练开始时不同（SHA-256 原为 {expected}，现为 {found}）',
  'use the same revision of {name}': '请使用 {name} 的同一版本',
  'the disk is full: free some space and go on with `episome resume`; the last checkpoint is intact':
    '磁盘已满：请腾出空间后继续训练，最近的检查点完好',
  'you have no permission there: choose another folder, or ask for the right to it':
    '没有权限：请换一个文件夹，或取得使用权限',
  'the disk is read-only: choose another folder': '磁盘为只读，请换一个文件夹',
  'the adapter in {path} has {outputs} outputs, but {count} labels were given for it ({labels})':
    '{path} 中的适配器有 {outputs} 个输出，却给出了 {count} 个标签（{labels}）',
  'name each output once, in order': '请按顺序为每个输出命名一次',
  'the records have the label {unknown}, which the adapter does not know; it knows {labels}':
    '记录中有适配器不认识的标签 {unknown}；它认识 {labels}',
  'rename the labels, or name the outputs of the adapter in order with --labels': '请改用适配器认识的标签',
  'give {flag} another value; `episome train --help` explains it': '请为 {flag} 换一个值',
  'start a new run with a lower --learning-rate, or with --clip 1':
    '请以更低的学习率，或将“梯度裁剪”设为 1，重新开始训练',
  'it has no state': '其中没有状态',
  'paused on request': '已按要求暂停',
  'Not the data of the run that is repeated: {error}.': '与要重复的训练的数据不同：{error}。',
  // What is said while it goes on.
  'Computing the frozen layers once': '正在计算一次冻结的下层',
  'Scoring the {part} split': '正在为{part}划分评分',
  'raise --max-length (the model takes {limit}), or cut the sequences around what matters':
    '请提高“最大长度”（模型最多 {limit}），或围绕关键位置截取序列',
  'cut the sequences around what matters, or choose a base model that takes longer ones':
    '请围绕关键位置截取序列，或选择能接受更长序列的基础模型',
  '{cut} of {total} sequences are longer than {limit} tokens; the model sees only their beginning. {advice}.':
    '{total} 条序列中有 {cut} 条超过 {limit} 个词元，模型只能看到它们的开头。{advice}。',
  '{flag} {value} is far from the usual {least} to {most}; the training may come to nothing.':
    '{flag} {value} 与通常的 {least} 到 {most} 相差很远，训练可能毫无结果。',
  'train again with a learning rate of {rate} or less{clip}': '请以不高于 {rate} 的学习率重新训练{clip}',
  'and with gradient clipping (--clip 1)': '并把“梯度裁剪”设为 1',
  'no better {metric} on the validation split for {count} {evaluations}':
    '验证集上的 {metric} 连续 {count} 次评估没有提高',
  'on request, after {steps} steps': '按要求在 {steps} 步后结束',
  'after {steps} steps, as asked': '按要求在 {steps} 步后结束',
  'after 1 epoch': '1 轮之后',
  'after {epochs} epochs': '{epochs} 轮之后',
  '{layers} layers × {width}, vocabulary {size}, context {context} tokens':
    '{layers} 层 × {width}，词表 {size}，上下文 {context} 个词元',
  'the time of this architecture cannot be measured yet': '尚不能测量此架构的用时',
  // The baseline of short words.
  'no training records: the baseline needs at least one': '没有训练记录：基线至少需要一条',
  '{count} class(es): the baseline needs at least two': '{count} 个类别：基线至少需要两个',
  '{count} class(es): a classifier needs at least two': '{count} 个类别：分类器至少需要两个',
  '{sequences} sequences but {labels} labels in the {split} split':
    '{split} 划分中有 {sequences} 条序列，却有 {labels} 个标签',
  'record {record} of the {split} split has label {label}, but there are {classes} classes':
    '{split} 划分的记录 {record} 的标签为 {label}，而类别只有 {classes} 个',
  'record {record} has label {label}, but there are {classes} classes (0 to {last})':
    '记录 {record} 的标签为 {label}，而类别只有 {classes} 个（0 到 {last}）',
  'the baseline was stopped before it was fitted': '基线在拟合完成前已停止',
  '{method}, chosen on the validation split': '{method}，在验证集上选定',
  'chosen on the validation split': '在验证集上选定',
  'fitted on {part} of {all} training records': '在 {all} 条训练记录中的 {part} 条上拟合',
  'Logistic regression on log(1 + count) of all words of 1 to {length} letters (L2 penalty, C = {c})':
    '对 1 到 {length} 个碱基的所有短词取 log(1 + 计数) 的逻辑回归（L2 惩罚，C = {c}）',
  'Words of 1 to {length} letters alone reach an MCC of {mcc} ({low} to {high}) on {count} held-out records of a sample':
    '仅凭 1 到 {length} 个碱基的短词，在抽样的 {count} 条留出记录上 MCC 就达到 {mcc}（{low} 至 {high}）',
  '{reached}: they tell the classes apart almost by themselves. Your negatives may be too easy: a model can win without biology. Ask how they were chosen, and match them to the positives.':
    '{reached}：它们几乎就能区分各类别。负样本可能过于简单：模型不靠生物学也能取胜。请了解负样本的来源，并使其与正样本相匹配。',
  '{reached}. A language model has to beat that to be worth its while.':
    '{reached}。语言模型必须超过它才有价值。',
  '{reached}: no better than chance. What a model learns beyond that is not composition.':
    '{reached}：与随机无异。模型学到的超出部分不是组成差异。',
  "the shortcut can't be measured: {reason}": '无法测量：{reason}',
  'collect more labelled records': '请收集更多带标签的记录',
  'train: the report compares the model with a classifier on short words':
    '请直接训练：报告会将模型与短词分类器比较',
  // Scores.
  'no records to score: a metric needs at least one labelled record':
    '没有可评分的记录：指标至少需要一条带标签的记录',
  '{values} scores for {records} records of {classes} classes: expected {expected}':
    '{classes} 个类别的 {records} 条记录有 {values} 个得分：应为 {expected}',
  'the two models were not scored on the same records in the same order ({ours} and {theirs})':
    '两个模型没有在相同顺序的相同记录上评分（{ours} 与 {theirs}）',
  'record {record} has a score that is not a number ({value}) for class {class}: the model has diverged':
    '记录 {record} 在类别 {class} 上的得分不是数字（{value}）：模型已发散',
  'Share of records given the right class; misleading when classes are unbalanced.':
    '判对类别的记录所占比例；类别不均衡时会误导。',
  'Of the records called a class, the share that belongs to it; mean over classes, each counting the same.':
    '被判为某类的记录中确属该类的比例；对各类别取平均，权重相同。',
  'Of the records of a class, the share that was found; mean over classes, each counting the same (balanced accuracy).':
    '某类记录中被找出的比例；对各类别取平均，权重相同（平衡准确率）。',
  'Harmonic mean of precision and recall; mean over classes, each counting the same.':
    '精确率与召回率的调和平均；对各类别取平均，权重相同。',
  'Correlation between true and predicted class: 1 is perfect, 0 is guessing; fair to unbalanced classes.':
    '真实类别与预测类别的相关系数：1 为完美，0 为猜测；类别不均衡时仍公平。',
  'Chance that a record of the class is ranked above one that is not: 1 is perfect, 0.5 is guessing.':
    '该类记录排在非该类记录之前的概率：1 为完美，0.5 为猜测。',
  'Average precision over all recalls; guessing gives the share of the class.':
    '在所有召回率上的平均精确率；猜测时等于该类所占比例。',
  'Cross-entropy in nats a record: lower is better; ln(number of classes) is guessing.':
    '每条记录的交叉熵（奈特）：越低越好；ln(类别数) 为猜测。',
  'no record of the class, and none called so': '没有该类的记录，也没有记录被判为该类',
  'no record of the class': '没有该类的记录',
  'all records are of one class, so there is nothing to rank them against': '所有记录同属一类，无从排序比较',
  'all records are of one class': '所有记录同属一类',
  'no record of the positive class': '没有正类的记录',
  "the {split} split can't be scored: {reason}": '无法为 {split} 划分评分：{reason}',
  'the report got {ids} ids and {lengths} lengths for {records} scored records':
    '报告收到 {ids} 个名称和 {lengths} 个长度，而评分的记录有 {records} 条',
  "the figure {name} can't be drawn: {reason}": '无法绘制图 {name}：{reason}',
  "metrics.json can't be written: {error}": '无法写入 metrics.json：{error}',
  'the figure {name} has nothing to draw: give it at least one finite number':
    '图 {name} 没有可绘制的内容：至少需要一个有限的数',
  "the figure can't be drawn: {reason}": '无法绘制此图：{reason}',
  'no bitmap can be {width} × {height} px': '位图不能为 {width} × {height} 像素',
  "the page can't be made: {what}": '无法生成页面：{what}',
  'it has no size': '没有尺寸',
  'the drawing was refused': '绘图被拒绝',
};

export const trainingPatterns: [RegExp, string][] = [
  [/^All records are of one class: MCC is 0 by convention\.$/, '所有记录同属一类：按惯例 MCC 为 0。'],
  [
    /^All records were called one class: MCC is 0 by convention\.$/,
    '所有记录都被判为同一类：按惯例 MCC 为 0。',
  ],
  [
    /^No record was called class (.+): its precision and F1 are 0 by convention\.$/,
    '没有记录被判为第 $1 类：按惯例其精确率和 F1 为 0。',
  ],
  [
    /^No record of class (.+): averages are over the other classes\.$/,
    '没有第 $1 类的记录：平均值只计其他类别。',
  ],
  [
    /^No record of class (.+), though some were called so: .*$/,
    '没有第 $1 类的记录，却有记录被判为该类：宏平均中其精确率、召回率和 F1 计为 0，AUROC 和 AUPRC 只对其他类别取平均。',
  ],
  [
    /^The model calls every one of the (\d+) (\w+) records '(.+)': it has not learned to tell the classes apart\.$/,
    '模型把 $1 条$2记录全部判为“$3”：它没有学会区分各个类别。',
  ],
  [
    /^(\d+) of (\d+) sequences are longer than (\d+) tokens; the model sees only their beginning\. Raise --max-length \(the model takes (\d+)\), or cut the sequences around what matters\.$/,
    '$2 条序列中有 $1 条超过 $3 个词元，模型只能看到它们的开头。请提高“最大长度”（模型最多 $4），或围绕关键位置截取序列。',
  ],
  [
    /^This training has only (\d+) steps, in which a model hardly learns\..*$/,
    '这次训练只有 $1 步，模型几乎学不到东西。记录很少时，请增加“轮数”或减小“批大小”。',
  ],
  [
    /^--max-length (\d+) is more than the base model can take; sequences are cut at its limit of (\d+) tokens\.$/,
    '“最大长度”$1 超过了基础模型的上限，序列将在 $2 个词元处截断。',
  ],
  [
    /^The device's memory is too small for (\d+) sequences at a time: it computes (\d+) at a time.*$/,
    '设备内存不足以同时计算 $1 条序列：改为每次 $2 条并累加梯度，每一步仍是整个批次，只是更慢。',
  ],
  [
    /^This run was trained on (\w+) and goes on on (\w+): .*$/,
    '这次运行原先在 $1 上训练，现在在 $2 上继续：数值与未中断的运行在舍入误差内一致，而非逐位相同。',
  ],
  [/^(\d+) records were left out; invalid\.csv lists them\..*$/, '有 $1 条记录被略过，列在 invalid.csv 中。'],
  [/^(\d+) records were repaired on reading: .*$/, '读取时整理了 $1 条记录。'],
  [
    /^the loss is (\S+) with a gradient norm of (\S+) at step (\d+): the training has diverged\. Start a new run with a learning rate of (\S+) or less \(it is (\S+) now\), or with --clip 1\. The last checkpoint is intact$/,
    '第 $3 步的损失为 $1，梯度范数为 $2：训练已发散。请以不高于 $4 的学习率（现为 $5）或把“梯度裁剪”设为 1 重新训练。最近的检查点完好。',
  ],
];
