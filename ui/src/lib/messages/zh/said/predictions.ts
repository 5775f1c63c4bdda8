/** Notes on single rows of a prediction. Words in braces are taken over. */
export const predictions: Record<string, string> = {
  'cut to the first {limit} of {all} tokens': '截取前 {limit} 个词元，共 {all} 个',
  'cut to the first {limit} tokens': '截取前 {limit} 个词元',
};
