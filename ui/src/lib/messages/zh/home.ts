import type { home as english } from '../en/home';
import type { SameKeys } from '../types';

export const home = {
  'home.lead': '教会 DNA 语言模型区分您的序列。一切数据都留在本机。',
  'home.doors': '您想做什么？',
  'home.train': '训练分类器',
  'home.train.text': '输入带标签的序列，得到经过检验的分类器：DNA 语言模型旁的一个小型适配器。',
  'home.train.go': '选择数据',
  'home.predict': '预测',
  'home.predict.text': '用已有的适配器为 FASTA、FASTQ 或表格文件中的序列打标签。',
  'home.predict.go': '选择适配器',
  'home.share': '分享与导入',
  'home.share.text': '把适配器连同模型卡片分享出去，或打开同事发来的适配器。',
  'home.share.go': '打开适配器库',
  'home.runs': '训练记录',
  'home.runs.lead': '您启动过的每次训练，各自是本机上的一个文件夹。',
  'home.runs.empty': '还没有训练记录',
  'home.runs.empty.text': '每次训练及其全部结果都会列在这里。想先看看效果，试试示例项目最快。',
  'home.runs.score': '测试集 {metric}',
  'home.runs.best': '最佳 {metric}',
  'home.runs.steps': '第 {step} 步，共 {steps} 步',
  'home.sample': '试试示例项目',
  'home.sample.text':
    '{records} 条长 {length} 个碱基的模拟序列，其中藏有一条规律。点一下即可训练并查看结果。它们不代表任何真实的生物学。',
  'home.sample.go': '用示例训练',
  'home.machine': '本机',
  'home.machine.threads': { other: '{count} 个线程' },
  'home.memory': '内存',
  'home.disk': '磁盘',
  'home.free': '可用 {free}，共 {total}',
  'home.disk.free': '可用 {free}',
  'home.version': '版本 {version}',
  'home.worker.missing': '找不到负责训练的程序，请重新安装 Episome。',
  'home.tour': '查看导览',
  'home.tour.skip': '跳过',
  'home.tour.next': '下一步',
  'home.tour.back': '上一步',
  'home.tour.start': '开始使用',
  'home.tour.sample': '试试示例项目',
  'home.tour.step': '第 {step} 页，共 {steps} 页',
  'home.tour.1.title': '欢迎使用 Episome',
  'home.tour.1.text':
    'DNA 语言模型读过许多基因组。Episome 用您标注好的序列教它回答您的问题，例如“是不是启动子”。无需编程，无需显卡，数据不会离开本机。',
  'home.tour.2.title': '五步，从文件到结果',
  'home.tour.2.text':
    '把序列拖到窗口里。Episome 会像细心的同事一样检查数据，推荐模型和方法，进行训练并给出报告。左侧导航显示当前所在步骤，每个选项都有合理的默认值。',
  'home.tour.3.title': '经得起推敲的数字',
  'home.tour.3.text':
    '结果来自模型从未见过的序列，附带置信区间，并与简单基线对照。重复、泄漏和捷径在训练之前就会被发现，而不是等审稿人指出。',
  'home.tour.4.title': '成果归您，便于分享',
  'home.tour.4.text':
    '训练得到的是一个小文件夹，可直接在 Python 中打开。您可以用它预测新文件，发给同事，或上传到 Hub。',
} as const satisfies SameKeys<typeof english>;
