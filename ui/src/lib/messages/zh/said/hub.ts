/** What the engine says about the Hub's account, tokens and uploads. Words in braces are taken over. */
export const hub: Record<string, string> = {
  'this is no access token: it is one word of letters, digits and _':
    '这不是访问令牌：令牌是一个由字母、数字和 _ 组成的词',
  'make one at {page}, and copy the whole of it': '请在 {page} 创建并完整复制',
  'the Hub at {endpoint} does not accept this token: it was not kept':
    '{endpoint} 的 Hub 不接受此令牌，因此没有保存',
  'copy the whole of it, or make a new one at {page}': '请完整复制，或在 {page} 新建一个',
  'HF_TOKEN is set and goes before it: unset HF_TOKEN, so that the token that was kept is used':
    '程序的环境中已有令牌，它优先使用；要使用保存的令牌，请移除前者',
  'the system keyring cannot be used: {reason}': '无法使用系统密钥环：{reason}',
  'set the token as HF_TOKEN instead; the app can also use it for one session': '可以仅在本次使用',
  'none answers on this system ({reason})': '本机没有可用的密钥环（{reason}）',
  'its use is switched off (EPISOME_KEYRING=off)': '已停用',
  'it did not answer within {seconds} seconds': '{seconds} 秒内没有回应',
  '{what} needs an access token of the Hub, and none was found': '{what}需要 Hub 的访问令牌，但没有找到',
  'the upload to {id}': '上传到 {id} ',
  'telling whose a token is': '查询令牌属于谁',
  'make one (kind “Write”) at {page}, and give it to `episome hub login` or set it as HF_TOKEN':
    '请在 {page} 创建一个（“Write”类型），并填入“设置”',
  'the Hub at {endpoint} does not accept the access token of {place}':
    '{endpoint} 的 Hub 不接受来自 {place} 的访问令牌',
  'the Hub at {endpoint} does not accept the access token': '{endpoint} 的 Hub 不接受此访问令牌',
  'make a new one at {page} and give it to `episome hub login` or set it as HF_TOKEN; for public repositories, remove the old one':
    '请在 {page} 新建一个并填入“设置”；访问公开仓库时可删除旧令牌',
  'the system keyring': '系统密钥环',
  'this session': '本次使用',
  'the token of {name} may read and not write': '{name} 的令牌只能读取，不能写入',
  'make one of the kind “Write” at {page}, and give it to `episome hub login` or set it as HF_TOKEN':
    '请在 {page} 创建一个“Write”类型的令牌，并填入“设置”',
  '{name} may not write to {owner}': '{name} 不能写入 {owner}',
  'choose a name below {owners}': '请在 {owners} 名下取名',
  'the Hub does not let you write to {id}: {message}': 'Hub 不允许您写入 {id}：{message}',
  'use a token of the kind “Write” (or a fine-grained one that may write to this repository), made at {page}, or choose another name':
    '请使用在 {page} 创建的“Write”类型令牌（或可写入此仓库的细粒度令牌），或换一个名称',
  '{id} cannot take this upload: {reason}': '{id} 无法接收此次上传：{reason}',
  'it is public already, and you asked for a private one': '它已经是公开的，而您选择了私有',
  'choose another name, or upload as public': '请换一个名称，或以公开方式上传',
  'the name is taken by something else that is no adapter ({file} is in it)':
    '此名称已被其他内容占用，它不是适配器（其中有 {file}）',
  'somebody else wrote to it meanwhile': '期间有人写入了它',
  'start the upload again': '请重新上传',
  'the Hub does not accept the model card (README.md): {reason}': 'Hub 不接受模型卡片（README.md）：{reason}',
  'correct the card and start again': '请修改模型卡片后重试',
  'sending {file} broke off at {sent} of {size} bytes: {reason}':
    '发送 {file} 时在 {sent} / {size} 字节处中断：{reason}',
  'start the upload again; files that arrived are not sent twice': '请重新上传，已送达的文件不会重复发送',
  '{what} needs the network, and HF_HUB_OFFLINE forbids to use it': '{what}需要网络，但目前处于离线状态',
  'unset HF_HUB_OFFLINE and start again': '请在“设置”中关闭离线后重试',
  '{id} is no adapter: {reason}': '{id} 不是适配器：{reason}',
  'it has no adapter_config.json': '其中没有 adapter_config.json',
  'a base model is downloaded with `episome hub download`': '基础模型请在“模型”界面下载',
  'Its base model, episome-mini, is part of Episome and not on the Hub: whoever has Episome can use the adapter at once; in Python it needs the model’s folder, or a merged model.':
    '它的基础模型 episome-mini 随 Episome 附带，不在 Hub 上：有 Episome 的人可以直接使用；在 Python 中则需要该模型的文件夹或合并后的模型。',
  'the adapter names a folder of this computer as its base model ({base}), which nobody else can find':
    '适配器的基础模型是本机的文件夹（{base}），别人找不到',
  'there are paths of this computer in what would be sent: {path}': '要发送的内容中有本机路径：{path}',
  'the upload was stopped; no commit was made': '上传已停止，没有提交',
  // Names, rights and answers.
  '“{id}” is not an id of the Hub: {reason}': '“{id}”不是 Hub 名称：{reason}',
  'an id reads owner/name, for example dnagpt/dna_gpt2_v0, or is a single name such as gpt2':
    'Hub 名称写作“所有者/名称”，例如 dnagpt/dna_gpt2_v0，或单个名称，例如 gpt2',
  'it is empty': '名称为空',
  'it has more than one slash': '含有多个斜杠',
  'each part has 1 to 96 letters': '每一部分应有 1 到 96 个字符',
  'only letters, digits, “-”, “_” and “.” may stand in it': '只能使用字母、数字、“-”、“_”和“.”',
  'no part may start or end with “-” or “.”': '各部分不能以“-”或“.”开头或结尾',
  '“--” and “..” may not stand in it': '不能含有“--”和“..”',
  'it ends with “.git”': '以“.git”结尾',
  "its owner is missing: your name, or an organization's": '缺少所有者：您的名称或组织名称',
  'an upload': '上传',
  'data set': '数据集',
  '{kind} {id} is gated: its owner asks you to accept the terms first':
    '{kind} {id} 需要先接受其所有者的条款',
  'sign in at {page}, accept them there, {then}': '请在 {page} 登录并接受条款，{then}',
  "and try again; your token was sent, so it is the terms (or the owner's approval) that is missing":
    '然后重试；令牌已发送，缺少的是接受条款（或所有者的批准）',
  'accept the terms at {page} and set HF_TOKEN': '请在 {page} 接受条款，并在“设置”中填入访问令牌',
  'check the spelling (search for it with `episome hub search`); if it is private, {then}':
    '请检查拼写；如果它是私有的，{then}',
  "make a token (kind “Read”) in your account's settings, and give it to `episome hub login` or set it as HF_TOKEN":
    '请在账户设置中创建令牌（“Read”类型），并填入“设置”',
  'your token has no access to it: ask its owner': '您的令牌无权访问：请联系其所有者',
  'give your access token to `episome hub login` or set it as HF_TOKEN': '请在“设置”中填入访问令牌',
  '{kind} {id} has no revision “{revision}”': '{kind} {id} 没有版本“{revision}”',
  'its branches, tags and commits are listed at {page}': '其分支、标签和提交见 {page}',
  '{id} has no file “{file}” at revision {revision}': '{id} 在版本 {revision} 中没有文件“{file}”',
  'the Hub refuses access to {id}: {message}': 'Hub 拒绝访问 {id}：{message}',
  'ask its owner for access, or use a token that has it': '请向其所有者申请权限，或使用有权限的令牌',
  'the Hub at {endpoint} asks for a pause, for too many requests came from here':
    '{endpoint} 的 Hub 要求暂停：请求过多',
  'try again in {seconds} seconds; a token (HF_TOKEN) raises the limit':
    '请在 {seconds} 秒后重试；使用访问令牌可提高限额',
  'try again in some minutes; a token (HF_TOKEN) raises the limit':
    '请在几分钟后重试；使用访问令牌可提高限额',
  'the Hub answered {status} to {url}': 'Hub 对 {url} 的回答为 {status}',
  'if this goes on, its state is shown at https://status.huggingface.co':
    '如果持续如此，请查看其状态 https://status.huggingface.co',
  "cannot prepare a secure connection: {reason}. The system's list of certificates is missing or broken: on Debian and Ubuntu, install the package ca-certificates":
    '无法建立安全连接：{reason}。系统的证书列表缺失或损坏：在 Debian 和 Ubuntu 上请安装 ca-certificates 软件包',
  'cannot prepare a secure connection: {reason}': '无法建立安全连接：{reason}',
  "the system's list of certificates is missing or broken: on Debian and Ubuntu, install the package ca-certificates":
    '系统的证书列表缺失或损坏：在 Debian 和 Ubuntu 上请安装 ca-certificates 软件包',
  'what is in the cache works with HF_HUB_OFFLINE=1': '缓存中的内容可离线使用',
  'the disk is full: {path} could not be written': '磁盘已满：无法写入 {path}',
  'the disk is full: {path} could not be written, and {needed} bytes of it are still to come':
    '磁盘已满：无法写入 {path}，还有 {needed} 字节',
  'and {needed} bytes of it are still to come': '还有 {needed} 字节',
  'free some space, or set HF_HOME to a folder on a larger disk, and start again; what has been downloaded so far is kept':
    '请腾出空间后重新开始；已下载的部分会保留',
  '{file} of {id} arrived damaged: its {algorithm} is {found}, the Hub announces {expected}':
    '{id} 的 {file} 已损坏：其 {algorithm} 为 {found}，而 Hub 公布的是 {expected}',
  'the damaged copy was deleted; start the download again, and if this stays so, a proxy on the way changes files':
    '损坏的副本已删除；请重新下载，如果仍然如此，则可能是代理改动了文件',
  'the answer of {endpoint} could not be understood: {reason}': '无法理解 {endpoint} 的回答：{reason}',
  'is HF_ENDPOINT the address of a Hub?': '请检查所设的 Hub 地址',
  'HF_ENDPOINT is “{endpoint}”, which is not the address of a Hub: {reason}':
    '“{endpoint}”不是 Hub 的地址：{reason}',
  'it reads https://huggingface.co': '应为 https://huggingface.co',
  'it starts neither with http:// nor with https://': '它既不以 http:// 也不以 https:// 开头',
  'a redirect leads nowhere': '重定向没有目标',
  'a redirect to {location}: {error}': '重定向到 {location}：{error}',
  'too many redirects': '重定向次数过多',
  'the connection ended too early': '连接过早断开',
  'it was silent for {seconds} seconds': '{seconds} 秒没有响应',
  'it has become shorter meanwhile': '期间变短了',
  'the keyring': '密钥环',
  'the network': '网络',
  'the search for “{query}”': '搜索“{query}”',
  'the description of {id}': '查看 {id} 的说明',
  '{kind} {id} at revision {revision}': '{kind} {id}（版本 {revision}）',
  '{file} of {id} at revision {revision}': '{id} 的 {file}（版本 {revision}）',
  'Used the copy of {id} in the cache (commit {commit}), for {error}.':
    '使用了缓存中的 {id}（提交 {commit}），原因：{error}。',
  'the commit of {id} is missing': '缺少 {id} 的提交',
  '“{path}” is not the path of a file': '“{path}”不是文件路径',
  'the hash of {file} is missing': '缺少 {file} 的校验值',
  '{file} is listed with the hash {listed} and sent with {announced}':
    '{file} 所列校验值为 {listed}，发送时为 {announced}',
  'size in bytes': '大小（字节）',
  'git SHA-1': 'git SHA-1 校验值',
  // What a repository is.
  'it is an adapter': '它是适配器',
  'use the base model that its adapter_config.json names, and load it on top':
    '请使用其 adapter_config.json 所写的基础模型，再载入它',
  'it is a GGUF file for llama.cpp, without a config.json': '它是 llama.cpp 的 GGUF 文件，没有 config.json',
  'look for the original it was made from': '请查找它的原始模型',
  'it has no config.json, so its architecture is unknown': '没有 config.json，因此架构未知',
  'its weights are in {name} only, which is for another framework': '其权重只有 {name}，属于其他框架',
  'it has neither model.safetensors nor pytorch_model.bin':
    '既没有 model.safetensors 也没有 pytorch_model.bin',
  '{index} names {name}, which is not there': '{index} 指向不存在的 {name}',
  // Data sets.
  'data set {id} is made by a program ({script}), which is not run here for safety, and it has no converted Parquet copy (revision refs/convert/parquet)':
    '数据集 {id} 由程序生成（{script}），出于安全不会运行它，且没有转换好的 Parquet 副本',
  'download its files by hand and give them to --data': '请手动下载其文件，再在“数据”界面选择',
  'the card (README.md) of data set {id} is broken: {reason}':
    '数据集 {id} 的说明（README.md）有误：{reason}',
  'tell its owner, or download the files by hand': '请告知其所有者，或手动下载文件',
  'data set {id} has several configurations: {names}': '数据集 {id} 有多个配置：{names}',
  'data set {id} has several configurations: {names}. Name one of them':
    '数据集 {id} 有多个配置：{names}。请指定其一',
  'name one of them': '请指定其一',
  'name one of them after a colon, such as {example}': '请在冒号后写明其一，例如 {example}',
  'data set {id} has no configuration “{name}”': '数据集 {id} 没有配置“{name}”',
  'data set {id} has no configuration “{name}”. It has: {names}':
    '数据集 {id} 没有配置“{name}”，可选：{names}',
  'it has: {names}': '可选：{names}',
  'data set {id} has no data file that can be read here: {reason}':
    '数据集 {id} 没有可读取的数据文件：{reason}',
  'its files are {what}': '其文件是{what}',
  'its files are zip archives': '其文件是 zip 压缩包',
  'download and unpack them, and give the files inside to --data':
    '请下载并解压，再在“数据”界面选择其中的文件',
  'no name of a file ends like a table (csv, tsv, json, parquet, txt, fasta)':
    '没有文件以表格的扩展名结尾（csv、tsv、json、parquet、txt、fasta）',
  'its splits have different formats ({other}, and {own} in {split})':
    '各划分的格式不同（{other}，而 {split} 为 {own}）',
  'both {one} and {other} are its default configuration': '{one} 和 {other} 都是其默认配置',
  'its card points to another site ({pattern})': '其说明指向其他网站（{pattern}）',
  'its card names {full}, which is not there or not a table': '其说明中的 {full} 不存在或不是表格',
  'revision {revision} is empty': '版本 {revision} 为空',
  'which holds the first 5 GB of it only': '其中只有前 5 GB',
  'Took {id} from the Parquet copy that the Hub made of it{part}.':
    '使用了 Hub 为 {id} 制作的 Parquet 副本{part}。',
  'Arrow files': 'Arrow 文件',
  'tar archives': 'tar 归档',
  'zip archives': 'zip 压缩包',
  'XML files': 'XML 文件',
  'Lance files': 'Lance 文件',
  'Vortex files': 'Vortex 文件',
  'CoNLL files': 'CoNLL 文件',
  'GenBank files': 'GenBank 文件',
  'protein structures': '蛋白质结构文件',
  // Uploads.
  'Upload the adapter with Episome': '用 Episome 上传适配器',
  'start it again when you like; files that arrived are not sent twice':
    '随时可以重新开始，已送达的文件不会重复发送',
  'it seems to be {base}': '它似乎是 {base}',
  'the adapter names a folder of this computer as its base model ({base}), which nobody else can find; it seems to be {likely}':
    '适配器的基础模型是本机的文件夹（{base}），别人找不到；它似乎是 {likely}',
  'the adapter names a folder of this computer as its base model ({base}), which nobody else can find{likely}':
    '适配器的基础模型是本机的文件夹（{base}），别人找不到{likely}',
  'name the base model as it is called on the Hub with --base OWNER/NAME; your folder stays as it is':
    '请填写基础模型在 Hub 上的名称（所有者/名称）；您的文件夹保持不变',
  '{path}, and {count} more': '{path}，另有 {count} 处',
  'and {count} more': '另有 {count} 处',
  'remove them, or cut them to their last part in what is sent with --shorten-paths':
    '请移除它们，或选择在发送时只保留路径的最后一段',
  '“{base}” is no name of a model on the Hub': '“{base}”不是 Hub 上的模型名称',
  'give it as OWNER/NAME, such as dnagpt/dna_gpt2_v0': '请写作“所有者/名称”，例如 dnagpt/dna_gpt2_v0',
  "the commit's id is missing": '缺少提交的编号',
  'its .gitignore leaves out {file}': '其 .gitignore 排除了 {file}',
  'correct it on the Hub, or choose another name': '请在 Hub 上修正，或换一个名称',
  'the Hub at {endpoint} does not accept the access token{place}': '{endpoint} 的 Hub 不接受访问令牌{place}',
  'the disk is full: {path} could not be written{more}': '磁盘已满：无法写入 {path}{more}',
  'the storage says nothing about {file}': '存储没有回应 {file}',
  'the storage does not take {file}: {reason}': '存储不接收 {file}：{reason}',
  'the batch of large files: {error}': '大文件批次：{error}',
  '{count} addresses for {file} in parts of {chunk} bytes': '{file} 有 {count} 个地址，每段 {chunk} 字节',
  'part {number} of {file} has no ETag': '{file} 的第 {number} 段没有 ETag',
  'an address of the storage: {error}': '存储地址：{error}',
  'it is no path inside a folder': '它不是文件夹内的路径',
};
