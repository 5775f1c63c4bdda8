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
};

export const trainingPatterns: [RegExp, string][] = [
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
  [/^(\d+) records were left out; invalid\.csv lists them\..*$/, '有 $1 条记录被略过，列在 invalid.csv 中。'],
  [/^(\d+) records were repaired on reading: .*$/, '读取时整理了 $1 条记录。'],
  [
    /^the loss is (\S+) with a gradient norm of (\S+) at step (\d+): the training has diverged\. Start a new run with a learning rate of (\S+) or less \(it is (\S+) now\), or with --clip 1\. The last checkpoint is intact$/,
    '第 $3 步的损失为 $1，梯度范数为 $2：训练已发散。请以不高于 $4 的学习率（现为 $5）或把“梯度裁剪”设为 1 重新训练。最近的检查点完好。',
  ],
];
