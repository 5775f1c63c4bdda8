/** What the engine says when an adapter is brought in, checked, or thrown away. Words in braces are taken over. */
export const adapters: Record<string, string> = {
  '{path} was not imported: {what}': '未导入 {path}：{what}',
  '{file} would be written outside of its folder': '{file} 会写到文件夹之外',
  'it was made to do harm, or by a broken program: do not use it':
    '它可能是恶意制作的，或由有缺陷的程序生成，请勿使用',
  '{file} is of a kind that can run programs when it is loaded (a Python pickle)':
    '{file} 属于载入时可能运行程序的文件（Python pickle）',
  'ask its maker for adapter_model.safetensors, which cannot; peft writes it unless told otherwise':
    '请向作者索要 adapter_model.safetensors，这种文件不会运行程序；peft 默认就生成它',
  'this is no adapter: choose the folder with adapter_config.json':
    '这不是适配器，请选择含有 adapter_config.json 的文件夹',
  'it is no zip archive that can be read ({reason})': '它不是可读取的 zip 文件（{reason}）',
  '{file} is a link to somewhere else': '{file} 是指向别处的链接',
  'there is no adapter_config.json in it': '其中没有 adapter_config.json',
  "give the archive of an adapter's folder, as `episome export --zip` makes it":
    '请选择由适配器文件夹打包的 zip 文件，可在“分享”中生成',
  'the adapter does not give what it gave when it was made ({place}: {what})':
    '适配器的输出与制作时不一致（{place}：{what}）',
  'a logit is {now}, and {then} was recorded': '得到的输出为 {now}，记录为 {then}',
  'the tokenizer gives other ids than were recorded': '分词结果与记录不同',
  'its files were changed or damaged, or the base model is another one: copy or export it again, or name the right base with --model':
    '文件被改动或损坏，或基础模型不对：请重新复制或导出',
  'the base model of the adapter {adapter} was not found: {reason}':
    '找不到适配器 {adapter} 的基础模型：{reason}',
  '{folder} is being trained now': '{folder} 正在训练',
  'stop it first': '请先停止训练',
  '{folder} could not be moved to the trash: {reason}': '无法把 {folder} 移到回收站：{reason}',
  'it is where it was: remove it in the file manager': '它仍在原处，请在文件管理器中删除',
  '{folder} could not be brought back: {reason}': '无法恢复 {folder}：{reason}',
  'look for it in the trash of the file manager': '请在文件管理器的回收站中查找',
};
