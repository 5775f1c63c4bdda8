/** Notes on rows of a prediction, and what keeps one from being made or saved. Words in braces are taken over. */
export const predictions: Record<string, string> = {
  'cut to the first {limit} of {all} tokens': '截取前 {limit} 个词元，共 {all} 个',
  'cut to the first {limit} tokens': '截取前 {limit} 个词元',
  '{note}; unlike the training sequences: {what}': '{note}；与训练序列不同：{what}',
  'unlike the training sequences: {what}': '与训练序列不同：{what}',
  'its words of four letters are others': '四碱基组成不同',
  'its length is {length}, and they have {shortest} to {longest} letters':
    '长度为 {length}，训练序列为 {shortest} 至 {longest} 个碱基',
  'the input holds no sequence: nothing to predict; check that it is the file you meant':
    '输入中没有序列，无法预测；请检查文件是否正确',
  'a spreadsheet holds {rows} rows at most, and there are more; write .csv or .parquet':
    '电子表格最多容纳 {rows} 行，结果超出此数；请保存为 CSV 或 Parquet',
  'could not write {path}: {reason}; check that the disk has room and that you may write there':
    '无法写入 {path}：{reason}；请检查磁盘空间和写入权限',
  'these predictions are not there any more': '这些预测结果已不存在',
  'predict the sequences again': '请重新预测',
};
