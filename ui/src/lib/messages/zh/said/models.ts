/** What the engine's catalogue says about base models. */
export const models: Record<string, string> = {
  'byte-pair encoding, 30,000 words, upper-case DNA': '字节对编码，30,000 个词，大写 DNA',
  'byte-pair encoding, 8,000 words': '字节对编码，8,000 个词',
  'byte-pair encoding, 50,257 words of English': '字节对编码，50,257 个英语词',
  'byte-pair encoding, about 600 words': '字节对编码，约 600 个词',
  'byte-pair encoding, 4,096 words': '字节对编码，4,096 个词',
  'byte-pair encoding, 32,000 words': '字节对编码，32,000 个词',
  'words of six bases': '六个碱基一个词',
  'overlapping words of six bases': '重叠的六碱基词',
  'overlapping words of three bases': '重叠的三碱基词',
  'single bases': '单个碱基',
  'A GPT-2 of 12 layers that reads DNA left to right in words of about six bases; the base of the promoter tutorial, trained on pieces of up to 256 words.':
    '12 层的 GPT-2，从左到右读取 DNA，每个词约六个碱基；启动子教程所用的基础模型，训练片段最长 256 个词。',
  'A GPT-2 trained on plant genomes: the first choice for sequences of crops and other plants.':
    '在植物基因组上训练的 GPT-2：作物及其他植物序列的首选。',
  'The original GPT-2, trained on English text: it knows no biology and cuts DNA badly, and is here as a control that a DNA model should beat.':
    '在英语文本上训练的原版 GPT-2：它不懂生物学，对 DNA 的切分也很差，仅作为 DNA 模型应当超越的对照。',
  'The plant GPT-2 with words of exactly six bases, so that a word always means the same stretch.':
    '植物 GPT-2，每个词恰好六个碱基，因此同一个词总代表同样长的片段。',
  'DNABERT, the first widely used DNA language model: it reads both directions, sequences of up to 512 bases.':
    'DNABERT，第一个被广泛使用的 DNA 语言模型：双向读取，序列最长 512 个碱基。',
  'DNABERT with words of three bases, as long as codons; it reads both directions, sequences of up to 512 bases.':
    'DNABERT，每个词三个碱基，与密码子等长；双向读取，序列最长 512 个碱基。',
  'A BERT of the human genome with a small vocabulary chosen so that its words can be interpreted.':
    '人类基因组的 BERT，词表较小，便于解释每个词的含义。',
  'The successor of DNABERT, trained on the genomes of many species and without a fixed limit of length.':
    'DNABERT 的后继者，在多物种基因组上训练，没有固定的长度限制。',
  'DNABERT-2 trained further to tell species apart, for metagenomes.':
    '为区分物种而进一步训练的 DNABERT-2，适用于宏基因组。',
  'The Nucleotide Transformer trained on the human reference genome; large, better with a GPU.':
    '在人类参考基因组上训练的 Nucleotide Transformer；体积大，最好使用 GPU。',
  'The small second Nucleotide Transformer, trained on many species, for sequences of up to 12,000 bases.':
    '第二代 Nucleotide Transformer 的小型版本，在多物种上训练，序列最长 12,000 个碱基。',
  'The large second Nucleotide Transformer, among the strongest on the GUE benchmark; needs a GPU.':
    '第二代 Nucleotide Transformer 的大型版本，在 GUE 基准上名列前茅；需要 GPU。',
  'GENA-LM, trained on the complete human genome T2T; its long words take in about 4,500 bases at once.':
    'GENA-LM，在完整人类基因组 T2T 上训练；词较长，一次可读约 4,500 个碱基。',
  'The GENA model on a newer, faster architecture.': '采用更新、更快架构的 GENA 模型。',
  'A generative model of eukaryotic genes with 1.2 billion parameters; needs a GPU.':
    '真核基因的生成模型，12 亿参数；需要 GPU。',
  'The smallest HyenaDNA: it sees every single base, which matters for point mutations and short motifs.':
    '最小的 HyenaDNA：逐个读取碱基，适合点突变和短基序。',
  'Caduceus was made for DNA whose two strands mean the same, and reads up to 131,000 bases, one by one.':
    'Caduceus 专为两条链含义相同的 DNA 设计，逐个读取，最长 131,000 个碱基。',
  'Its tokenizer, which cuts DNA into words of six bases, is not supported yet.':
    '尚不支持它的六碱基分词器。',
  'BERT and its overlapping k-mer tokenizer are not supported yet.': '尚不支持 BERT 及其重叠 k-mer 分词器。',
  'BERT is not supported yet.': '尚不支持 BERT。',
  'Its architecture (a BERT with ALiBi positions, from code of its own) is not supported yet.':
    '尚不支持它的架构（使用 ALiBi 位置编码、自带代码的 BERT）。',
  'ESM and the six-base tokenizer are not supported yet.': '尚不支持 ESM 和六碱基分词器。',
  'Its architecture (ESM with rotary positions, from code of its own) and the six-base tokenizer are not supported yet.':
    '尚不支持它的架构（使用旋转位置编码、自带代码的 ESM）和六碱基分词器。',
  'Its architecture (a BERT with the norm first, from code of its own) is not supported yet.':
    '尚不支持它的架构（前置归一化、自带代码的 BERT）。',
  'ModernBERT is not supported yet.': '尚不支持 ModernBERT。',
  'Llama and the six-base tokenizer are not supported yet.': '尚不支持 Llama 和六碱基分词器。',
  'Hyena, an architecture without attention, is not supported yet.': '尚不支持 Hyena（无注意力机制的架构）。',
  'Mamba, an architecture without attention, is not supported yet.': '尚不支持 Mamba（无注意力机制的架构）。',
};
