/** What the engine says about the Hub's account, tokens and uploads. Words in braces are taken over. */
export const hub: Record<string, string> = {
  'this is no access token: it is one word of letters, digits and _':
    '这不是访问令牌：令牌是一个由字母、数字和 _ 组成的词',
  'make one at {page}, and copy the whole of it': '请在 {page} 创建并完整复制',
  'the Hub at {endpoint} does not accept this token: it was not kept':
    '{endpoint} 的 Hub 不接受此令牌，因此没有保存',
  'copy the whole of it, or make a new one at {page}': '请完整复制，或在 {page} 新建一个',
  'HF_TOKEN is set and goes before it: unset HF_TOKEN, so that the token that was kept is used':
    '已设置 HF_TOKEN，它优先使用；要使用保存的令牌，请取消设置 HF_TOKEN',
  'the system keyring cannot be used: {reason}': '无法使用系统密钥环：{reason}',
  'set the token as HF_TOKEN instead; the app can also use it for one session':
    '可以仅在本次使用，或改用环境变量 HF_TOKEN',
  'none answers on this system ({reason})': '本机没有可用的密钥环（{reason}）',
  'its use is switched off (EPISOME_KEYRING=off)': '已停用（EPISOME_KEYRING=off）',
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
};
