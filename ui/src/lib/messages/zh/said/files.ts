/** What the engine says about files of sequences that it cannot read. Words in braces are taken over. */
export const files: Record<string, string> = {
  // What a file is instead of sequences, and what to do with it.
  'this is a PDF document': '这是 PDF 文档',
  'this is a PNG image': '这是 PNG 图片',
  'this is a JPEG image': '这是 JPEG 图片',
  'this is a GIF image': '这是 GIF 图片',
  'this is a TIFF image': '这是 TIFF 图片',
  'this is a BAM file of alignments': '这是 BAM 比对文件',
  'this is a CRAM file of alignments': '这是 CRAM 比对文件',
  'this is a SAM file of alignments': '这是 SAM 比对文件',
  'this is a BCF file of variants': '这是 BCF 变异文件',
  'this is a VCF file of variants': '这是 VCF 变异文件',
  'this is a .2bit genome': '这是 .2bit 基因组',
  'this is an SFF file of 454 reads': '这是 454 测序的 SFF 文件',
  'this is an ABI chromatogram': '这是 ABI 测序峰图',
  'this is an HDF5 file': '这是 HDF5 文件',
  'this is an SQLite database': '这是 SQLite 数据库',
  'this is a NumPy array': '这是 NumPy 数组',
  'this is an Arrow (Feather) file': '这是 Arrow（Feather）文件',
  'this is a 7-Zip archive': '这是 7-Zip 压缩包',
  'this is a RAR archive': '这是 RAR 压缩包',
  'this is a tar archive': '这是 tar 归档',
  'this is a zip archive': '这是 zip 压缩包',
  'this is an empty zip archive': '这是空的 zip 压缩包',
  'this is a program': '这是程序',
  'this is LZ4-compressed': '此文件以 LZ4 压缩',
  'this is compressed by the old program compress (.Z)': '此文件由旧程序 compress 压缩（.Z）',
  'this is compressed more than {layers} times over': '此文件被重复压缩了 {layers} 层以上',
  'this is UTF-32 text': '这是 UTF-32 文本',
  'this is a GenBank record': '这是 GenBank 记录',
  'this is an EMBL or UniProt record': '这是 EMBL 或 UniProt 记录',
  'this is a GFF annotation': '这是 GFF 注释',
  'this is an alignment in a format of its own': '这是采用专有格式的比对',
  'this is a rich-text (RTF) document': '这是 RTF 文档',
  'this is a Word document': '这是 Word 文档',
  'this is a presentation': '这是演示文稿',
  'this is a web page': '这是网页',
  'this is an XML document': '这是 XML 文档',
  'this is a Git LFS pointer, not the data': '这是 Git LFS 指针，而不是数据本身',
  'this is a binary file of an unknown kind': '这是未知类型的二进制文件',
  'this is a folder, not a file': '这是文件夹，而不是文件',
  'this is a pipe or a device, which can be read only once': '这是管道或设备，只能读取一次',
  'convert it to FASTA or FASTQ first, for example with samtools':
    '请先转换为 FASTA 或 FASTQ，例如使用 samtools',
  'choose the file that holds the sequences as text': '请选择以文本形式保存序列的文件',
  'unpack it and choose the file inside that holds the sequences': '请解压后选择其中含有序列的文件',
  'copy the sequences into a text file or a spreadsheet': '请把序列复制到文本文件或电子表格中',
  'choose the file that holds the sequences': '请选择含有序列的文件',
  'convert it with samtools fasta or samtools fastq': '请用 samtools fasta 或 samtools fastq 转换',
  'convert it to FASTQ first': '请先转换为 FASTQ',
  'export its bases as FASTA': '请将其碱基导出为 FASTA',
  'export the sequences as FASTA or CSV': '请将序列导出为 FASTA 或 CSV',
  'export the table as CSV': '请将表格导出为 CSV',
  'save the sequences as CSV': '请将序列保存为 CSV',
  'save the table as Parquet or CSV': '请将表格保存为 Parquet 或 CSV',
  'decompress it with lz4 -d': '请用 lz4 -d 解压',
  'decompress it with uncompress': '请用 uncompress 解压',
  'decompress it first': '请先解压',
  'save it as UTF-8': '请保存为 UTF-8',
  'save it as plain text': '请保存为纯文本',
  'export it as FASTA': '请导出为 FASTA',
  'write it to a file first; its beginning is looked at before it is read':
    '请先写入文件：读取前需要查看其开头',
  'fetch the file itself with git lfs pull': '请用 Git LFS 获取文件本身',
  'choose a text file, a spreadsheet or a Parquet file': '请选择文本文件、电子表格或 Parquet 文件',
  'perhaps a download ended on a log-in page; download the file itself':
    '下载可能停在了登录页面，请下载文件本身',
  'it says where features lie; Episome needs their sequences, for example by bedtools getfasta':
    '它只说明特征的位置；Episome 需要相应的序列，可用 bedtools getfasta 提取',
  'export the sequence as FASTA (most viewers and web sites offer it) and read that':
    '请将序列导出为 FASTA（多数查看器和网站都支持）后再读取',
  'Episome reads sequences, not variants.': 'Episome 读取序列，而不是变异。',
  "Convert it with UCSC's twoBitToFa.": '请用 UCSC 的 twoBitToFa 转换。',
  "convert it with UCSC's twoBitToFa": '请用 UCSC 的 twoBitToFa 转换',
  // Broken records.
  'reading stopped after line {line}: {reason}': '在第 {line} 行之后中断：{reason}',
  'a NUL byte': 'NUL 字节',
  'the control character 0x{byte}': '控制字符 0x{byte}',
  "a '>' that does not start its line (a line end is missing before it?)":
    '不在行首的“>”（前面是否缺少换行？）',
  "'X' (write N for masked bases)": '“X”（遮盖的碱基请写作 N）',
  'the byte 0x{byte}, which is not UTF-8,': '字节 0x{byte}（不是 UTF-8）',
  'text follows a closing quote; double the quotes inside a quoted cell':
    '引号闭合后还有文字；请把单元格内的引号写成两个',
  'the row has {cells} cells where the table has {columns} columns; look for a missing or a stray separator or quote':
    '此行有 {cells} 个单元格，而表格有 {columns} 列；请检查是否缺少或多出分隔符或引号',
  "text stands before the first header line; a FASTA record starts with '>' and a name":
    '第一个标题行之前有文字；FASTA 记录以“>”和名称开头',
  "a record starts with '@' and a name; here stands '{shown}'": '记录应以“@”和名称开头，这里是“{shown}”',
  "the file ends in the middle of this record, before its '+' line": '文件在此记录的“+”行之前就结束了',
  "the record has no '+' line and no quality: the next record starts too early":
    '该记录没有“+”行和质量值：下一条记录开始得太早',
  "there are blanks inside the sequence, so bases and qualities can't be told to match":
    '序列中有空格，无法核对碱基与质量值',
  "the '+' line (line {line}) repeats another name, '{name}'":
    '“+”行（第 {line} 行）写的是另一个名称“{name}”',
  'the file ends in the middle of this record: {seen} qualities for {length} bases':
    '文件在此记录中间结束：{length} 个碱基只有 {seen} 个质量值',
  'the quality has {seen} letters where the sequence has {length}':
    '质量值有 {seen} 个字符，而序列有 {length} 个碱基',
  "the byte 0x{byte} at position {position} of the quality is no quality letter ('!' to '~')":
    '质量值第 {position} 位的字节 0x{byte} 不是质量字符（“!”到“~”）',
  '{what}; the line after it was passed over': '{what}；其后一行已跳过',
  '{what}; {count} lines after it were passed over': '{what}；其后 {count} 行已跳过',
  "the field '{name}' holds {kind} where one value is expected": '字段“{name}”是{kind}，而这里需要单个值',
  'an object': '对象',
  'a list or a group': '列表或分组',
  'a date or a time': '日期或时间',
  'bytes that are no text': '非文本的字节',
  'the name or the label holds a control character': '名称或标签中有控制字符',
  "the field '{name}' is missing": '缺少字段“{name}”',
  "the field '{name}' is no text": '字段“{name}”不是文本',
  'an object in braces is expected here': '这里应是花括号中的对象',
  'the object that starts here is never closed': '从这里开始的对象没有闭合',
  'an object with named fields is expected, {example}': '这里应是带字段名的对象，例如 {example}',
  'this is no valid JSON: {error}': '不是有效的 JSON：{error}',
  'this is not JSON ({error})': '不是 JSON（{error}）',
  'mend the JSON there, or export it again': '请修正该处的 JSON，或重新导出',
  "the {what} is not UTF-8 text ('{shown}'); save the file as UTF-8":
    '{what}不是 UTF-8 文本（“{shown}”）；请将文件保存为 UTF-8',
  'the {what} holds the control character 0x{byte}; remove it': '{what}中有控制字符 0x{byte}，请删除',
  'the UTF-16 text holds half a character; save the file as UTF-8':
    'UTF-16 文本中有半个字符；请将文件保存为 UTF-8',
  'the {kind} data is cut short or damaged ({error}); copy or download the file again':
    '{kind} 数据不完整或已损坏（{error}）；请重新复制或下载文件',
  'the line after it was passed over': '其后一行已跳过',
  '{count} lines after it were passed over': '其后 {count} 行已跳过',
  // Tables.
  'its parts contradict each other': '其各部分互相矛盾',
  "this Parquet file can't be read ({reason})": '无法读取此 Parquet 文件（{reason}）',
  "the Parquet file can't be read any further ({reason})": '此 Parquet 文件无法继续读取（{reason}）',
  'it is perhaps damaged; copy or write it again': '文件可能已损坏，请重新复制或导出',
  "the column '{name}' holds numbers, not sequences": '列“{name}”是数字，而不是序列',
  "the column '{name}' holds {kind} where one value is expected": '列“{name}”是{kind}，而这里需要单个值',
  'name the column that holds the sequences': '请指定序列所在的列',
  "this workbook can't be read ({reason})": '无法读取此工作簿（{reason}）',
  'open it in a spreadsheet program and save it as CSV': '请用电子表格程序打开并保存为 CSV',
  'it has no sheet': '其中没有工作表',
  "the sheets are '{names}'": '工作表有“{names}”',
  'the sheet is empty': '工作表为空',
  'name the sheet that holds the sequences': '请指定序列所在的工作表',
  'the sequence has {count} letters, the most that a cell holds: it was cut; give it as FASTA':
    '序列有 {count} 个碱基，已达到单元格的上限，因此被截断；请改用 FASTA',
  'the columns are {columns}: name one, or give its number counted from 1':
    '各列为 {columns}：请指定一列，或给出从 1 开始的列号',
  'the file has {count} columns without names: give the number of one, counted from 1':
    '文件有 {count} 列，没有列名：请给出从 1 开始的列号',
  '{names} and {count} more': '{names} 等，另有 {count} 个',
  'there is no object in it': '其中没有对象',
  'this looks like JSON, but no record can be read from it: {reason}':
    '这看起来是 JSON，但无法从中读出记录：{reason}',
  'write one object a line, {example}, or an array of such objects':
    '请每行写一个对象，例如 {example}，或写成这类对象的数组',
  'table as text': '文本表格',
  'one sequence a line': '每行一条序列',
  'JSON lines': 'JSON Lines（每行一个对象）',
  'JSON array': 'JSON 数组',
  'all {count} records were refused, {most} of them for one reason, first {first}':
    '全部 {count} 条记录都无法读取，其中 {most} 条出于同一原因，首个为 {first}',
  'no file was given': '没有给出文件',
  'name at least one file of sequences': '请至少选择一个序列文件',
  'no data was named': '没有指定数据',
  'no data to train on': '没有用于训练的数据',
  'name a file with --data': '请在“数据”界面选择文件',
  'nothing was pasted': '没有粘贴任何内容',
  'paste FASTA, a table, or a sequence a line': '请粘贴 FASTA、表格，或每行一条序列',
  '{remedy}; if {name} was meant as a file, it is not there':
    '{remedy}；如果 {name} 指的是文件，则该文件不存在',
  'A, C, G, T and the IUPAC ambiguity codes': 'A、C、G、T 和 IUPAC 简并代码',
  'ambiguity code': '简并代码',
  // Labels and splits.
  'record {record} has no label': '记录 {record} 没有标签',
  'give every record a label, or leave out those without': '请为每条记录提供标签，或排除没有标签的记录',
  'predicting a measured value (regression) is not supported; turn the numbers into classes, for example high and low, or choose another column':
    '不支持预测测量值（回归）；请把数字转换为类别（例如高和低），或选择其他列',
  'there are {count} different labels among {records} records, such as {examples}':
    '{records} 条记录中有 {count} 个不同的标签，例如 {examples}',
  'a column of names or of measured values was perhaps taken for the labels; choose another column':
    '可能把名称或测量值的列当成了标签，请选择其他列',
  'there are no records': '没有记录',
  "the label '{label}' is unknown": '标签“{label}”未知',
  '{record} has no label': '{record} 没有标签',
  'the labels are {labels}': '标签有 {labels}',
  "record {record}: the split '{value}' is unknown": '记录 {record}：划分“{value}”未知',
  'write train, validation (or dev) and test, or let Episome split at random':
    '请写 train、validation（或 dev）和 test，或让 Episome 随机划分',
  'record {record} has no split, while the file has a column for it':
    '记录 {record} 没有写明划分，而文件中有这一列',
  'complete the column, or let Episome split at random': '请补全该列，或让 Episome 随机划分',
  'there is no mend {name}; it is one of {names}': '没有修复方式 {name}，可选：{names}',
  'no training data was given: name at least one file with --data': '没有训练数据：请至少选择一个文件',
  'the column {column} assigns no record to train, so there is nothing to learn from':
    '列 {column} 没有把任何记录划入训练集，因此无从学习',
  'correct it, or leave out --split-column': '请修正该列，或不使用该列划分',
  'the column {column} looks like a division into train, validation and test, but its values are others; it was not used, and records are divided at random':
    '列 {column} 看起来是训练、验证和测试的划分，但其取值不同；未使用该列，记录将随机划分',
  '{count} records were left out, as asked (--repair {mend}).': '已按要求排除 {count} 条记录。',
  'the {part} record {record} ({place}) has the label {label}, which no training record has, so the model cannot know it':
    '{part} 记录 {record}（{place}）的标签 {label} 在训练集中不存在，模型无从得知',
  'correct the label, or add training records with it (training has {labels})':
    '请修正标签，或加入带此标签的训练记录（训练集有 {labels}）',
  'there is no test split: the reported numbers stand on the validation records that also chose the best state, and are therefore optimistic':
    '没有测试集：报告的数字来自同时用于挑选最佳状态的验证记录，因此偏乐观',
  'the {part} split has no record with the label {label}: nothing can be said about it there':
    '{part} 划分中没有标签为 {label} 的记录，因此无法评价',
  'given by a column of the data file': '由数据文件中的一列指定',
  '{name} from its own file': '{name}来自单独的文件',
  'with sequences that resemble each other kept together': '相似的序列放在一起',
  'whole groups at a time': '按整组划分',
  'the rest': '其余',
  'within each class': '在各类别内',
  'the rest drawn at random {how} ({train}/{validation}/{test} % train/validation/test, seed {seed})':
    '其余随机抽取（{how}；训练/验证/测试 {train}/{validation}/{test} %，种子 {seed}）',
  'the tokenizer makes nothing of the record {record} ({place}): it knows none of its letters':
    '分词器无法处理记录 {record}（{place}）：它不认识其中的任何字母',
  'choose a base model whose tokenizer knows them, or take the record out':
    '请选择认识这些字母的基础模型，或移除该记录',
};
