/** What the engine writes into figures and reports. `$1` and so on are what the pattern found, translated in turn. */
export const figures: Record<string, string> = {
  'Loss while training': '训练中的损失',
  'Validation scores while training': '训练中的验证得分',
  'Learning rate': '学习率',
  'Confusion matrix': '混淆矩阵',
  'ROC curve': 'ROC 曲线',
  'Precision–recall curve': '精确率–召回率曲线',
  Calibration: '校准',
  'Scores on held-out records': '留出记录上的得分',
  'Sequence lengths': '序列长度',
  Epoch: '轮',
  'Optimizer step': '优化步',
  'Cross-entropy (nats a record)': '交叉熵（每条记录，奈特）',
  Score: '得分',
  'Chosen checkpoint': '所选版本',
  'Training batches': '训练批次',
  Training: '训练集',
  Train: '训练集',
  Validation: '验证集',
  Test: '测试集',
  Accuracy: '准确率',
  Precision: '精确率',
  Recall: '召回率',
  Loss: '损失',
  'True class': '真实类别',
  'Predicted class': '预测类别',
  Records: '记录数',
  'Length (bp)': '长度（bp）',
  'False positive rate': '假阳性率',
  'True positive rate': '真阳性率',
  'Mean confidence': '平均把握',
  'Share that is right': '判对的比例',
  'As sure as right': '把握与正确率一致',
  'Fine-tuned language model': '微调后的语言模型',
  'k-mer baseline': 'k-mer 基线',
  Guessing: '随机猜测',
  'each class against the rest': '每个类别对其余类别',
  'Where validation rises while training falls, the model learns its training records by heart.':
    '如果训练损失下降而验证损失上升，说明模型在死记训练记录。',
  'The learning rate of each optimizer step.': '每个优化步的学习率。',
  'Precision, recall and F1 are means over classes, each class counting the same.':
    '精确率、召回率和 F1 是各类别的平均值，每个类别权重相同。',
  'Rows are true classes, columns predictions of the fine-tuned model; percentages are of the row.':
    '行是真实类别，列是微调模型的预测；百分比按行计算。',
  'Every threshold on the predicted probability gives one point.': '预测概率的每个阈值对应一个点。',
  'AUPRC is the average precision; guessing gives the share of the class.':
    'AUPRC 即平均精确率；随机猜测得到的是该类别所占的比例。',
  'Records by how sure the model was of the class that it named. Below the diagonal it is surer than it should be.':
    '按模型对所判类别的把握分组。低于对角线表示模型过于自信。',
  'All records of the run by their length, the splits stacked.': '全部记录的长度分布，各部分叠加显示。',
};

/** Sentences with numbers or names in them. */
export const figurePatterns: [RegExp, string][] = [
  [/^Learning rate \(× (\S+)\)$/, '学习率（× $1）'],
  [/^Training, mean of (\d+) batches$/, '训练集，$1 批的平均'],
  [/^The checkpoint with the best validation (.+) was kept\.$/, '保留了验证集 $1 最高的版本。'],
  [/^(Fine-tuned language model|k-mer baseline|Guessing) (\d\.\d+)$/, '$1 $2'],
  [/^([\d,]+) (test|validation) records?\.$/, '$1 条$2记录。'],
  [
    /^([\d,]+) (test|validation) records?; each line is a 95 % bootstrap interval\.$/,
    '$1 条$2记录；线段为 95 % 自助法置信区间。',
  ],
  [
    /^([\d,]+) (test|validation) records?; positive class: (.+)\. Numbers are (.+)\.$/,
    '$1 条$2记录；正类：$3。数字为 $4。',
  ],
  [
    /^([\d,]+) (test|validation) records?; (each class against the rest)\. Numbers are (.+)\.$/,
    '$1 条$2记录；$3。数字为 $4。',
  ],
  [
    /^([\d,]+) (test|validation) records?\. Numbers are the expected calibration error\.$/,
    '$1 条$2记录。数字为期望校准误差。',
  ],
  [/^(.+) over (.+)\. Lines: (.*)\.$/, '$1 随 $2 变化。'],
  [/^(.+) by true and predicted class\. .*$/, '按真实类别和预测类别统计的记录。'],
  [/^(.+) by (.+), from ([\d,]+) to ([\d,]+)\.$/, '按$2统计的$1，从 $3 到 $4。'],
  [/^Score with intervals, (\d+) rows\.$/, '带置信区间的得分，$1 行。'],
  [/^(\d\.\d+) {2}\((\d\.\d+) to (\d\.\d+)\)$/, '$1（$2 至 $3）'],
  [
    /^On ([\d,]+) (test|validation) records? the fine-tuned language model reaches an MCC of (\S+) \(95 % interval (\S+) to (\S+)\), the k-mer baseline (\S+) \((\S+) to (\S+)\)\. The language model adds nothing here: it is worse than k-mer counts, by (\S+) MCC \(95 % interval of the paired difference (\S+) to (\S+)\)\. Prefer the baseline, or train longer or with other settings\.$/,
    '在 $1 条$2记录上，微调后的语言模型的 MCC 为 $3（95 % 区间 $4 至 $5），k-mer 基线为 $6（$7 至 $8）。语言模型在这里没有带来好处：它比 k-mer 计数低 $9 MCC（配对差值的 95 % 区间 $10 至 $11）。建议采用基线，或延长训练、换用其他设置。',
  ],
  [
    /^On ([\d,]+) (test|validation) records? the fine-tuned language model reaches an MCC of (\S+) \(95 % interval (\S+) to (\S+)\), the k-mer baseline (\S+) \((\S+) to (\S+)\)\. The language model adds (\S+) MCC to what k-mer counts give \(95 % interval of the paired difference (\S+) to (\S+)\)\.$/,
    '在 $1 条$2记录上，微调后的语言模型的 MCC 为 $3（95 % 区间 $4 至 $5），k-mer 基线为 $6（$7 至 $8）。语言模型比 k-mer 计数高 $9 MCC（配对差值的 95 % 区间 $10 至 $11）。',
  ],
  [
    /^On ([\d,]+) (test|validation) records? the fine-tuned language model reaches an MCC of (\S+) \(95 % interval (\S+) to (\S+)\), the k-mer baseline (\S+) \((\S+) to (\S+)\)\. Whether the language model adds anything to what k-mer counts give cannot be told from these records: the difference is (\S+) MCC, and its interval includes zero \(95 % interval of the paired difference (\S+) to (\S+)\)\.$/,
    '在 $1 条$2记录上，微调后的语言模型的 MCC 为 $3（95 % 区间 $4 至 $5），k-mer 基线为 $6（$7 至 $8）。仅凭这些记录无法判断语言模型是否优于 k-mer 计数：差值为 $9 MCC，其区间包含零（配对差值的 95 % 区间 $10 至 $11）。',
  ],
  [
    /^On ([\d,]+) (test|validation) records? the fine-tuned language model reaches an MCC of (\S+) \(95 % interval (\S+) to (\S+)\)\. No baseline was trained beside it, so what the language model adds is not known\.$/,
    '在 $1 条$2记录上，微调后的语言模型的 MCC 为 $3（95 % 区间 $4 至 $5）。没有同时训练基线，因此无从得知语言模型带来了什么。',
  ],
];
