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
