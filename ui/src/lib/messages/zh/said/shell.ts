/** What the engine and the window say about files, work and themselves. Words in braces are taken over. */
export const shell: Record<string, string> = {
  // What to do where nothing better is known.
  'correct what the message names': '请修正信息中指出的内容',
  'look at the data: open the files, and see whether they hold what was meant':
    '请查看数据：打开文件，确认其内容是否正确',
  'check the connection, or use a local folder or the embedded model':
    '请检查网络连接，或使用本地文件夹或内置模型',
  'look at the log of the run; it can go on from its last checkpoint':
    '请查看该训练的日志；可从最近的检查点继续',
  'see what this computer has; a smaller batch needs less memory': '请查看本机资源；较小的批量占用更少内存',
  // Work that goes on.
  'no thread could be started: {error}': '无法启动线程：{error}',
  'the work broke off in the middle: {said}': '任务中途出错：{said}',
  'nothing more is known': '没有更多信息',
  'this work is done, or was never begun': '该任务已结束，或从未开始',
  'start it again': '请重新开始',
  'nobody follows the run any more': '已不再跟踪该训练',
  'follow it again': '请重新跟踪',
  'the command broke off: {error}': '命令中断：{error}',
  'an answer has another form than it should: {error}': '回答的格式不符：{error}',
  'an answer could not be written as JSON: {error}': '回答无法写成 JSON：{error}',
  '{command} cannot be asked that: {error}': '{command} 的请求有误：{error}',
  'correct the field that the message names': '请修正信息中指出的字段',
  'the request is not JSON: {error}': '请求不是 JSON：{error}',
  // Settings and drafts.
  'settings.json could not be written as JSON: it is no object': 'settings.json 无法写成 JSON：它不是对象',
  '{name} could not be written as JSON: {error}': '{name} 无法写成 JSON：{error}',
  'a draft cannot be named {name}': '草稿不能命名为 {name}',
  'use letters, digits, - and _': '请使用字母、数字、- 和 _',
  // Files.
  '{path} is no file of a run or a prediction': '{path} 不是训练或预测的文件',
  'only reports, predictions and exported adapters can be fetched': '只能取得报告、预测结果和导出的适配器',
  '{path} exists already, and is not written over': '{path} 已存在，不会覆盖',
  '{path} exists already, and predictions are not written over it': '{path} 已存在，不会用预测结果覆盖',
  '{path} exists already, and predictions are not written over it: choose another name, or allow overwriting (--force)':
    '{path} 已存在，不会用预测结果覆盖：请换一个名称',
  'choose another --out': '请换一个位置',
  'choose another --out, or add --force': '请换一个位置',
  '{path} is there already': '{path} 已存在',
  '{path} is not there': '{path} 不存在',
  '{path} is not there any more': '{path} 已不在原处',
  'it was moved or removed: look for it in the file manager': '它已被移动或删除，请在文件管理器中查找',
  '{path} is neither a run nor an adapter': '{path} 既不是训练也不是适配器',
  'only runs and adapters are thrown away from here': '这里只能删除训练和适配器',
  '{path} is not in the trash': '{path} 不在回收站中',
  'the trash was emptied, or it was brought back already': '回收站已清空，或它已被恢复',
  '{path} cannot be brought back from here': '无法从这里恢复 {path}',
  'open the trash and choose Put Back': '请打开废纸篓并选择“放回原处”',
  'the run {path} has no adapter yet: nothing has been evaluated in it':
    '训练 {path} 还没有适配器：尚未评估过',
  'go on with `episome resume` and wait for the first evaluation': '请继续该训练，等待第一次评估',
  '{path} is neither an adapter folder (adapter_config.json) nor a run (run.json)':
    '{path} 既不是适配器文件夹（adapter_config.json）也不是训练（run.json）',
  'give the folder of a run, or one with adapter_config.json and adapter_model.safetensors':
    '请选择训练的文件夹，或含有 adapter_config.json 和 adapter_model.safetensors 的文件夹',
  'could not write {path}: {error}': '无法写入 {path}：{error}',
  'could not write {path} as Parquet: {error}; check that the disk has room, or write .csv':
    '无法将 {path} 写成 Parquet：{error}；请检查磁盘空间，或保存为 CSV',
  'could not write {path} as a spreadsheet: {error}; check that the disk has room, or write .csv':
    '无法将 {path} 写成电子表格：{error}；请检查磁盘空间，或保存为 CSV',
  'predictions are written as {kinds}': '预测结果可保存为 {kinds}',
  "predictions are written as {kinds}; end the file's name with one of these":
    '预测结果可保存为 {kinds}；请使用其中一种扩展名',
  'end the name of --out with one of these': '请使用其中一种扩展名',
  'more values than columns': '值的个数多于列数',
  'unlike the training sequences': '与训练序列不同',
  'the input holds no sequence: nothing to predict': '输入中没有序列，无法预测',
  'check that the input is the file you meant': '请检查文件是否正确',
  '{place}: the tokenizer knows none of the letters of {id}': '{place}：分词器不认识 {id} 的任何字母',
  'the tokenizer knows none of the letters of {id}; remove the record, or skip such records (--skip-invalid)':
    '分词器不认识 {id} 的任何字母；请移除该记录，或跳过这类记录',
  'the tokenizer knows none of the letters of {id}': '分词器不认识 {id} 的任何字母',
  '{place}: the tokenizer knows none of the letters of {id}; remove the record, or skip such records (--skip-invalid)':
    '{place}：分词器不认识 {id} 的任何字母；请移除该记录，或跳过这类记录',
  'remove the record, or add --skip-invalid to give such records a row with a note':
    '请移除该记录，或让这类记录只得到一行备注',
  'the head has {outputs} outputs, and {labels} labels are named: they belong to different trainings; export the adapter again':
    '分类头有 {outputs} 个输出，而标签有 {labels} 个：二者来自不同的训练，请重新导出适配器',
  '{path} has no classification head: predictions need a model or adapter that was trained to classify sequences':
    '{path} 没有分类头：预测需要为序列分类训练过的模型或适配器',
  'standard input': '标准输入',
  'no field holds a sequence': '没有字段含有序列',
  'name the field with --sequence-column': '请指定含有序列的字段',
  'save the file as plain text (UTF-8)': '请将文件保存为纯文本（UTF-8）',
  'correct the line, or leave --clean out to see what the tokenizer makes of it': '请修正该行',
  'sample project': '示例项目',
  // Results.
  '{name} is no kind of figure': '{name} 不是图的格式',
  "let the file's name end in .svg, .png or .pdf": '文件名请以 .svg、.png 或 .pdf 结尾',
  'a comparison needs at least two runs': '比较至少需要两次训练',
  'name another run': '请再选择一次训练',
  'the report of {run} has no figure {name}': '{run} 的报告中没有图 {name}',
  'its figures are {names}': '有以下图：{names}',
  'the data files are not what they were when the run was made': '数据文件与训练时不同',
  'there is no column {name}': '没有列 {name}',
  'line {line}: there is no class {name}': '第 {line} 行：没有类别 {name}',
  'line {line}: {value} is no number': '第 {line} 行：{value} 不是数字',
  'it is one of {names}': '可选：{names}',
  'Base model': '基础模型',
  // Memory, disks and cards.
  'the cache': '缓存',
  'Hub cache': 'Hub 缓存',
  'only {size} MB are free for the {what} ({path}): free some space, or move it with {variable}':
    '{what}（{path}）所在磁盘只剩 {size} MB：请腾出空间',
  '{remedy}; or set EPISOME_CACHE to a folder that you may write to': '{remedy}；或换用可写入的缓存文件夹',
  'it finds no graphics card that answers': '没有找到可用的显卡',
  'The graphics card is not used: {path} is installed, but {reason}. The processor computes instead. `{program} doctor` shows what it finds':
    '未使用显卡：已安装 {path}，但{reason}。改用处理器计算',
  'it does not start ({error})': '无法启动（{error}）',
  'it said nothing': '没有任何输出',
  'it ended with {status}: {last}': '以 {status} 结束：{last}',
  'its answer is not understood ({error})': '无法理解其回答（{error}）',
  'it cannot be watched ({error})': '无法监视它（{error}）',
  'this program has no code for NVIDIA cards': '此程序不含 NVIDIA 显卡的代码',
  'install episome-cuda beside it (docs/gpu.md says how), or take --device cpu':
    '请在旁边安装 episome-cuda（见 docs/gpu.md），或选择处理器',
  "this program has no code for Apple's graphics processors": '此程序不含 Apple 图形处理器的代码',
  'build it with --features metal on a Mac, or take --device cpu':
    '请在 Mac 上构建带 Metal 的程序，或选择处理器',
  'no card answers ({error})': '没有显卡响应（{error}）',
  'take --device cpu': '请选择处理器',
  'use a smaller --batch-size or --max-length': '请减小“批大小”或“最大长度”',
  // The window and the page.
  'the dialog broke off: {error}': '对话框中断：{error}',
  '{path} is no report of a run': '{path} 不是训练的报告',
  'open it yourself, in the file manager or the browser': '请自行在文件管理器或浏览器中打开',
  '{address} is no page of the web': '{address} 不是网页',
  'only addresses that begin with https:// are opened': '只打开以 https:// 开头的地址',
  '{what} could not be shown: {error}': '无法显示 {what}：{error}',
  'there is no folder for settings and caches: HOME is not set': '没有存放设置和缓存的文件夹：未设置 HOME',
  'set EPISOME_CACHE, EPISOME_CONFIG and EPISOME_PROJECTS to folders that you may write to':
    '请为设置和缓存指定可写入的文件夹',
  'this page needs the token of the address that was printed': '此页面需要启动时显示的地址中的令牌',
  'this server has another name': '此服务器使用的是另一个名称',
  'the request comes from another page': '请求来自另一个页面',
  // Processes that train.
  'the settings could not be written: {error}': '无法写入设置：{error}',
  '{program} could not be started: {error}': '无法启动 {program}：{error}',
  'the process cannot be watched: {error}': '无法监视该进程：{error}',
  'the process that trains ended at once: {last}': '训练进程立即结束：{last}',
};
