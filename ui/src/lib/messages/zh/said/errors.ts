/** What the engine says when something fails. Words in braces are taken over, translated if they are sentences themselves. */
export const errors: Record<string, string> = {
  // Where, and what.
  '{file}, line {line}, record {record} ({id})': '{file}，第 {line} 行，第 {record} 条记录（{id}）',
  '{file}, line {line}, record {record} ({id}): {what}':
    '{file}，第 {line} 行，第 {record} 条记录（{id}）：{what}',
  '{file}, line {line}, record {record}: {what}': '{file}，第 {line} 行，第 {record} 条记录：{what}',
  '{file}, line {line}: {what}': '{file}，第 {line} 行：{what}',
  '{file}, line {line}, record {record}': '{file}，第 {line} 行，第 {record} 条记录',
  '{file}, line {line}': '{file}，第 {line} 行',
  // Records.
  'the sequence is empty; remove the record or complete it': '序列为空；请删除该记录或补全',
  'this looks like a protein (letter {letter} at position {position}); Episome reads DNA and RNA: take the coding sequence instead':
    '这看起来是蛋白质（第 {position} 位的字母 {letter}）；Episome 读取 DNA 和 RNA，请改用编码序列',
  "this looks like prose, not DNA ('{letter}' at position {position}); if it is another column than you meant, name the column that holds the sequences":
    '这看起来是文字而不是 DNA（第 {position} 位的“{letter}”）；如果选错了列，请指定序列所在的列',
  "there are digits in the sequence (the first at position {position}), as in GenBank's numbered lines; export the record as FASTA":
    '序列中含有数字（首个在第 {position} 位），像 GenBank 的行号；请将记录导出为 FASTA',
  'the ambiguity code {letter} at position {position} is not among the letters allowed here ({alphabet}); replace it, leave the record out, or choose a base model that knows it':
    '第 {position} 位的简并字母 {letter} 不在允许的字母之内（{alphabet}）；请替换它、排除该记录，或选择认识它的基础模型',
  '{what} at position {position} of the sequence is no nucleotide code':
    '序列第 {position} 位的 {what} 不是核苷酸代码',
  'the record has no label; give it one or leave it out': '该记录没有标签；请补上标签或将其排除',
  'correct the record, or leave such records out with --skip-invalid': '请修正该记录，或排除这类记录',
  'header: {key}=…': '标题行中的 {key}=…',
  'header: id|label': '标题行中最后一个竖线之后',
  'header: the word after the name': '标题行中名称之后的词',
  'header: field {number}': '标题行第 {number} 段',
  "the file's name ({name})": '文件名（{name}）',
  // Files.
  'there is no data file {path}': '没有数据文件 {path}',
  'the data file {path} is not there': '数据文件 {path} 不存在',
  'there is no file {path}': '没有文件 {path}',
  'check the path; a Hub data set is named owner/name': '请检查路径；Hub 数据集以“所有者/名称”命名',
  'check the path': '请检查路径',
  '{path} is a folder, and files are wanted here': '{path} 是文件夹，这里需要文件',
  'name the files in it': '请选择其中的文件',
  'the folder {path} holds no file of sequences': '文件夹 {path} 中没有序列文件',
  'name the files themselves; FASTA, FASTQ, CSV, TSV, XLSX, JSON lines, Parquet and text are read':
    '请直接选择文件；可读取 FASTA、FASTQ、CSV、TSV、XLSX、JSON Lines、Parquet 和文本',
  '{path} is being trained already': '{path} 已在训练中',
  'there is nothing to do: another window or program started it': '无需操作：另一个窗口或程序已启动它',
  'the file is empty': '文件为空',
  'choose a file that holds sequences': '请选择含有序列的文件',
  'there is no record in it': '其中没有记录',
  'choose a file that holds sequences below its header': '请选择表头之下含有序列的文件',
  'no column holds DNA sequences': '没有任何一列是 DNA 序列',
  'no labels were found': '没有找到标签',
  "there is no column '{column}' for the {role}": '没有列“{column}”',
  "there is no sheet '{sheet}'": '没有工作表“{sheet}”',
  "give one file per class, or write the label into each header, as in '>name label=promoter' or '>name|promoter'":
    '请为每个类别提供一个文件，或在每个标题行写明标签，例如“>name label=promoter”或“>name|promoter”',
  'the columns are {columns}: say which one holds the labels': '各列为 {columns}，请指明哪一列是标签',
  'the columns are {columns}': '各列为 {columns}',
  'see whether the column and the kind of file are the ones you meant': '请检查所选的列和文件类型是否正确',
  "this Parquet file can't be read ({what})": '无法读取此 Parquet 文件（{what}）',
  'it is perhaps cut short; copy or write it again': '文件可能不完整，请重新复制或导出',
  'the file seems cut short or damaged: copy or download it again':
    '文件似乎不完整或已损坏，请重新复制或下载',
  'a quote is opened in the row that starts here and never closed': '此行中的引号没有闭合',
  'close it, or double it if it is part of the cell': '请补上引号；如果它是单元格内容，请写成两个引号',
  'the labels are {count} different numbers, such as {examples}':
    '标签是 {count} 个不同的数字，例如 {examples}',
  'cannot open {path}: {reason}': '无法打开 {path}：{reason}',
  'cannot read {path}: {reason}': '无法读取 {path}：{reason}',
  'cannot write {path}: {reason}': '无法写入 {path}：{reason}',
  'cannot rename {path}: {reason}': '无法重命名 {path}：{reason}',
  'cannot remove {path}: {reason}': '无法移除 {path}：{reason}',
  'cannot replace {path}: {reason}': '无法替换 {path}：{reason}',
  'cannot delete {path}: {reason}': '无法删除 {path}：{reason}',
  'cannot find {path}: {reason}': '无法找到 {path}：{reason}',
  'cannot keep {path}: {reason}': '无法保存 {path}：{reason}',
  'cannot link {path}: {reason}': '无法链接 {path}：{reason}',
  'cannot lock {path}: {reason}': '无法锁定 {path}：{reason}',
  'cannot create a folder in {path}: {reason}': '无法在 {path} 中创建文件夹：{reason}',
  'cannot create the folder {path}: {reason}': '无法创建文件夹 {path}：{reason}',
  'cannot create a file in {path}: {reason}': '无法在 {path} 中创建文件：{reason}',
  'cannot write a file in {path}: {reason}': '无法在 {path} 中写入文件：{reason}',
  'cannot read a file in {path}: {reason}': '无法读取 {path} 中的文件：{reason}',
  'cannot delete the damaged {path}: {reason}': '无法删除损坏的 {path}：{reason}',
  'cannot open the lock {path}: {reason}': '无法打开锁文件 {path}：{reason}',
  'cannot open the model {path}: {reason}': '无法打开模型 {path}：{reason}',
  'cannot remove the dead link {path}: {reason}': '无法移除失效的链接 {path}：{reason}',
  'cannot start a thread for {what}: {reason}': '无法为{what}启动线程：{reason}',
  'cannot upload {path}: {reason}': '无法上传 {path}：{reason}',
  'cannot be opened: {reason}': '无法打开：{reason}',
  'cannot be written: {reason}': '无法写入：{reason}',
  'cannot create {path}: {reason}': '无法创建 {path}：{reason}',
  'No such file or directory (os error 2)': '文件或文件夹不存在',
  'Permission denied (os error 13)': '没有权限',
  'No space left on device (os error 28)': '磁盘已满',
  'ask for the right to use it, or choose another place': '请取得使用权限，或换一个位置',
  'the disk is full: free some space': '磁盘已满，请腾出空间',
  'the disk is read-only: choose another place': '磁盘为只读，请换一个位置',
  'choose another name': '请换一个名称',
  'check that the disk works and has room': '请检查磁盘是否正常、是否有空间',
  'check that the path is right, that you may use it, and that the disk has room':
    '请检查路径、权限以及磁盘空间',
  '{path} is not a whole path': '{path} 不是完整路径',
  'choose a folder with the button': '请用按钮选择文件夹',
  '{path} is not a folder': '{path} 不是文件夹',
  "all {count} records have the label '{label}'": '全部 {count} 条记录的标签都是“{label}”',
  'A classifier needs records of at least two classes.': '分类器至少需要两个类别的记录。',
  'the report of {run} has no {file}: it was written by an older version, or the file was removed':
    '{run} 的报告中没有 {file}：它由旧版本写成，或文件已被删除',
  'its page, report.html, is there to be read': '可以直接阅读其页面 report.html',
  '{run} has no report yet: it is written when the training is complete':
    '{run} 还没有报告：训练完成后才会生成',
  'go on with `episome resume {run}`': '请在“训练”界面继续该训练',
  '{path} is in use by process {process}': '{path} 正被进程 {process} 使用',
  'wait until it is done, or stop it first': '请等待其完成，或先将其停止',
  // Splits.
  'there are too few records ({count}) to hold some out for validation':
    '记录太少（{count} 条），无法留出验证集',
  'collect more, raise --validation-fraction, or give a file with --validation':
    '请收集更多记录、提高验证集比例，或提供验证文件',
  'only one training record has the label {label}, so it cannot be both learned and tested':
    '标签 {label} 只有一条训练记录，无法既学习又检验',
  'collect more records of it, merge it with another label, or take it out of the data':
    '请收集更多该类记录、与其他标签合并，或将其移出数据',
  'after the split no training record is left with the label {label}':
    '划分之后，训练集中没有标签为 {label} 的记录',
  'collect more records of it, or lower --validation-fraction and --test-fraction':
    '请收集更多该类记录，或降低验证集与测试集的比例',
  // Models and the Hub.
  'there is no model folder {path}': '没有模型文件夹 {path}',
  'check the path, or use the embedded model ({name}) or a Hub id such as {id}':
    '请检查路径，或使用内置模型（{name}），或使用 {id} 这样的 Hub 名称',
  '{path} is a file, and a model is a folder': '{path} 是文件，而模型应是文件夹',
  'give the folder that holds config.json, the weights and the tokenizer':
    '请选择包含 config.json、权重和分词器的文件夹',
  '{path} has no config.json, so it is not a model folder': '{path} 中没有 config.json，不是模型文件夹',
  'choose the folder that holds config.json beside model.safetensors or pytorch_model.bin':
    '请选择同时含有 config.json 和 model.safetensors（或 pytorch_model.bin）的文件夹',
  '{name} is not on this machine yet': '{name} 还没有下载到本机',
  'download it first: only then can it be looked into': '请先下载，然后才能查看',
  '{name} cannot be used yet: {reason}. The nearest model that works is {nearest}':
    '{name} 暂不可用：{reason}。最接近的可用模型是 {nearest}',
  'use {nearest}, or {embedded}': '请使用 {nearest} 或 {embedded}',
  'the model {name} is {what}, which is not supported: {reason}. The nearest model that works is {nearest}':
    '模型 {name} 属于 {what}，尚不支持：{reason}。最接近的可用模型是 {nearest}',
  '{name} cannot be used as a base model: {reason}': '{name} 不能用作基础模型：{reason}',
  'there is no model “{name}”: it is neither a folder nor a known name. Did you mean {nearest}?':
    '没有模型“{name}”：它既不是文件夹，也不是已知名称。您是指 {nearest} 吗？',
  'cannot reach the Hub at {endpoint}: {reason}': '无法连接 Hub（{endpoint}）：{reason}',
  'check the network connection (and the proxy settings, HTTPS_PROXY); what is in the cache already works without it':
    '请检查网络连接和代理设置（HTTPS_PROXY）；已下载的内容无需网络即可使用',
  'check the network, or use a local folder or the embedded model': '请检查网络，或使用本地文件夹或内置模型',
  'the Hub at {endpoint} has no {kind} “{name}” that you may see':
    'Hub（{endpoint}）上没有您可以访问的“{name}”',
  '{what} is not in the cache ({path}), and HF_HUB_OFFLINE forbids to fetch it':
    '{what} 不在缓存（{path}）中，而当前为离线模式',
  'unset HF_HUB_OFFLINE, or copy the cache folder from a computer that has it':
    '请关闭离线模式，或从已有它的计算机复制缓存文件夹',
  'the download of {file} broke off at {have} of {size} bytes: {reason}':
    '{file} 下载到 {have} / {size} 字节时中断：{reason}',
  'start it again; it goes on where it stopped': '重新开始即可，会从中断处继续',
  "the shortcut can't be measured: it needs two classes with at least {least} records each":
    '无法测量：需要至少两个类别，且每类不少于 {least} 条记录',
  'the shortcut was not measured within {seconds} seconds': '{seconds} 秒内未能完成测量',
  'the measuring was stopped': '测量已停止',
  'the reading was stopped': '读取已停止',
  'no record has a label': '没有任何记录带有标签',
  'say which column or which field of the headers holds the labels':
    '请指明标签位于哪一列，或位于标题行的哪个字段',
  'stopped; what has been downloaded so far is kept': '已停止；已下载的部分会保留',
  'start it again when you like': '随时可以重新开始',
  // Runs.
  'there is no run {path}': '没有训练 {path}',
  'it was moved or removed: look at the list of runs': '它已被移动或删除，请查看训练列表',
  'the program `episome`, which trains, was not found': '找不到负责训练的程序 episome',
  'install Episome again, or set EPISOME_WORKER to the program': '请重新安装 Episome',
  'the loss is {loss} with a gradient norm of {norm} at step {step}: the training has diverged':
    '第 {step} 步的损失为 {loss}，梯度范数为 {norm}：训练已发散',
  'start a new run with --learning-rate {rate} or less, or with --clip 1':
    '请以不高于 {rate} 的学习率，或将梯度裁剪设为 1，重新开始训练',
  'stopped on request before the end': '已按要求提前停止',
  '{flag} cannot be {value}: {reason}': '{flag} 不能是 {value}：{reason}',
  'it must lie between {least} and {most}': '应在 {least} 与 {most} 之间',
  'the target `{pattern}` matches no module of this model': '模式“{pattern}”与该模型的任何模块都不匹配',
  'correct the pattern, or name modules by their endings': '请修正模式，或用名称结尾指定模块',
  // The machine.
  'only {size} MB of memory are free: close other programs, or train with a small --batch-size':
    '可用内存只有 {size} MB：请关闭其他程序，或使用较小的批量训练',
  'only {size} MB are free for the cache ({path}): free some space, or move it with EPISOME_CACHE':
    '缓存（{path}）所在磁盘只剩 {size} MB：请腾出空间',
  'only {size} MB are free for the Hub cache ({path}): free some space, or move it with HF_HOME':
    'Hub 缓存（{path}）所在磁盘只剩 {size} MB：请腾出空间',
  // The window itself.
  'Episome does not answer.': 'Episome 没有响应。',
  'see whether the program that serves this page still runs, and start it again':
    '请检查提供此页面的程序是否仍在运行，并重新启动它',
  'open the address that `episome serve` printed': '请打开启动程序时显示的地址',
  'there is no command {name}': '没有命令 {name}',
  'the user interface and the engine are of different versions: install Episome again':
    '界面与引擎版本不一致，请重新安装 Episome',
  'this is a defect of Episome: please report it with the command and the message':
    '这是 Episome 的缺陷，请连同操作和信息一并报告',
  'it must be one of {choices}': '应为以下之一：{choices}',
};

/** A place that stands before a sentence: whatever the sentence is about, the place comes off first. */
export const placePatterns: [RegExp, string][] = [
  [/^(.+?, line \d+(?:, record \d+(?: \([^)]*\))?)?): (.+)$/s, '$1：$2'],
  [/^((?:[A-Za-z]:)?[\\/][^:]*): (.+)$/s, '$1：$2'],
];
