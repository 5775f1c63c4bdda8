import type { shell as english } from '../en/shell';
import type { SameKeys } from '../types';

export const shell = {
  'shell.skip': '跳到正文',
  'shell.navigation': '界面',
  'shell.project': '项目',
  'shell.done': '已完成',
  'shell.project.changed': '项目已在另一个窗口中修改，现显示最新内容。',
  'shell.project.mine': '改回我的',
  'shell.drop.data': '松开即可用这些序列训练',
  'shell.drop.hint': 'FASTA、FASTQ、CSV、TSV、XLSX、JSON Lines、Parquet，压缩与否均可',
  'shell.drop.handing': '正在传送文件…',
  'screen.home': '首页',
  'screen.data': '数据',
  'screen.model': '模型',
  'screen.method': '方法',
  'screen.train': '训练',
  'screen.results': '结果',
  'screen.predict': '预测',
  'screen.adapters': '适配器',
  'screen.settings': '设置',
} as const satisfies SameKeys<typeof english>;
