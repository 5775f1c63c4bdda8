import type { shared as english } from '../en/shared';
import type { SameKeys } from '../types';

export const shared = {
  'metric.accuracy': '准确率',
  'metric.precision': '精确率',
  'metric.recall': '召回率',
  'metric.f1': 'F1 值',
  'metric.mcc': 'MCC',
  'metric.auroc': 'AUROC',
  'metric.auprc': 'AUPRC',
  'metric.loss': '损失',
  'run.state.training': '训练中',
  'run.state.finished': '已完成',
  'run.state.stopped': '已停止',
  'run.state.failed': '失败',
  'run.state.unfinished': '未完成',
  'run.state.paused': '已暂停',
  'part.all': '全部记录',
  'part.train': '训练集',
  'part.validation': '验证集',
  'part.test': '测试集',
  'device.cpu': '处理器',
  'device.cuda': 'NVIDIA 显卡',
  'device.metal': 'Apple 图形处理器',
  'device.auto': '自动选择最快的',
} as const satisfies SameKeys<typeof english>;
