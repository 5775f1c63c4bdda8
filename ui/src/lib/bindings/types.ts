// Generated from the Rust types by `cargo xtask docs`; a test fails while they differ. Do not edit.

/** What one part has in common with another. */
export type Across = {
  /** The part whose records are counted. */
  part: string,
  /** The part in which they were found. */
  other: string,
  /** The records of `part`. */
  records: number,
  /** Those of them that `other` holds, too. */
  repeats: Repeats, };

/** What a check of an adapter found. */
export type AdapterCheck = {
  /** The folder. */
  folder: string,
  /** The method, as peft names it. */
  method: string,
  /** The base model that it was put on. */
  base: string,
  /** Tensors in its file. */
  tensors: number,
  /** Their numbers. */
  parameters: number,
  /** Modules that it adapts. */
  matched_modules: Array<string>,
  /** The names of the classes. */
  labels: Array<string>,
  /** What its own test inputs gave; none where it carries none. */
  selftest: SelfTestResult | null, };

/** How work on an adapter gets on. */
export type AdapterProgress = {
  /** What it is at. */
  step: AdapterStep,
  /** How much of the step is done: bytes, or test inputs. */
  done: number,
  /** How much there is of it; 0 where that is not known. */
  total: number, };

/** An adapter, and its base model where its own name for it does not lead there. */
export type AdapterRequest = {
  /** An adapter folder, or a run. */
  adapter: string,
  /** The base model. */
  model?: string, };

/** What work on an adapter is at. */
export type AdapterStep = "fetching" | "copying" | "loading" | "testing" | "merging" | "writing";

/** An adapter folder as its configuration tells it. */
export type AdapterSummary = {
  /** The folder. */
  folder: string,
  /** The method, as peft names it. */
  method: string,
  /** The base model's name. */
  base: string,
  /** The rank, of methods that have one. */
  rank: number | null,
  /** The modules it adapts, as peft matches them. */
  targets: Array<string>,
  /** The names of the classes, where it carries them. */
  labels: Array<string>,
  /** What is wrong with it, where something is. */
  problem: string | null, };

/** Adapter folders found below some folders. */
export type Adapters = {
  /** In the order of their paths. */
  adapters: Array<AdapterSummary>, };

/** Class scores averaged. */
export type Averages = {
  /** Precision. */
  precision: number | null,
  /** Recall. */
  recall: number | null,
  /** F1. */
  f1: number | null,
  /** Area under the ROC curve. */
  auroc: number | null,
  /** Average precision. */
  auprc: number | null, };

/** Bins of one width. A value belongs to the bin that starts at or below it; the last bin includes its end. */
export type Bins = {
  /** Where the first bin starts. */
  start: number,
  /** How wide each bin is. */
  width: number,
  /** Values in each bin. */
  counts: Array<number>, };

/** How sure the model was of the class that it named, and how often it was right. */
export type Calibration = {
  /** The bins that hold records, by confidence. */
  bins: Array<CalibrationBin>,
  /** The expected calibration error. */
  error: number,
  /** The mean confidence. */
  confidence: number,
  /** The share that was right. */
  accuracy: number, };

/** Records of like confidence. */
export type CalibrationBin = {
  /** The lowest confidence in it. */
  from: number,
  /** The highest. */
  to: number,
  /** Its records. */
  records: number,
  /** Their mean confidence. */
  confidence: number,
  /** The share of them that was right. */
  accuracy: number, };

/** A graphics card. */
export type Card = {
  /** Its name as the driver tells it. */
  name: string,
  /** Its memory, in bytes. */
  memory: Memory,
  /** Whether it computes in bf16. */
  bf16: boolean, };

/** What only a person knows of an adapter. Empty texts are left out of the card. */
export type CardForm = {
  /** The heading. */
  title: string,
  /** What it is, in a few sentences. */
  summary: string,
  /** The organism or organisms. */
  organism: string,
  /** The licence by its SPDX name, such as `cc-by-4.0`. */
  licence: string,
  /** Who made it. */
  authors: string,
  /** What it is meant for. */
  intended_use: string,
  /** What it must not be used for, and where it fails. */
  limits: string,
  /** Where the data come from. */
  data: string,
  /** How to cite it. */
  citation: string, };

/** The page that a figure stands on. */
export type ChartTheme = "light" | "dark";

/** One class of a part. */
export type ClassAudit = {
  /** The label. */
  label: string,
  /** Lengths, in letters. */
  length: Distribution | null,
  /** The share of G and C, from 0 to 1. */
  gc: Distribution | null, };

/** How many records a class has. */
export type ClassCount = {
  /** The label. */
  label: string,
  /** Its records. */
  records: number,
  /** Their share of the labelled records. */
  fraction: number, };

/** Curves of one class against the rest. */
export type ClassCurves = {
  /** Number of the class. */
  class: number,
  /** ROC curve. */
  roc: Array<RocPoint>,
  /** Precision–recall curve. */
  precision_recall: Array<PrecisionRecallPoint>, };

/** Scores of one class against the rest. */
export type ClassScores = {
  /** Records of the class. */
  records: number,
  /** Records called the class. */
  predicted: number,
  /** Of the records called the class, the share that is. */
  precision: number | null,
  /** Of the class's records, the share called so. */
  recall: number | null,
  /** Harmonic mean of the two. */
  f1: number | null,
  /** Area under the ROC curve, the class against the rest. */
  auroc: number | null,
  /** Average precision, the class against the rest. */
  auprc: number | null, };

/** Columns by their names or by their numbers, counted from 1. In FASTA headers: a key, the number of a field, or `file`. */
export type ColumnChoice = {
  /** The sequences. */
  sequence?: string,
  /** The labels. */
  label?: string,
  /** The names of the records. */
  id?: string,
  /** Train, validation or test. */
  split?: string,
  /** What must stay in one split. */
  group?: string,
  /** The sheet of a spreadsheet. */
  sheet?: string, };

/** What the reader takes from where. */
export type Columns = {
  /** The column of names; none: records are numbered. */
  id: string | null,
  /** The column of sequences. */
  sequence: string | null,
  /** The column of labels, or where else labels come from. */
  label: string | null,
  /** The column that assigns splits. */
  split: string | null,
  /** The column of groups. */
  group: string | null,
  /** All columns of the file. */
  available: Array<string>,
  /** Columns that look as if they named groups. */
  group_candidates: Array<string>, };

/** Runs to set side by side. */
export type CompareRequest = {
  /** Their folders. */
  runs: Array<string>, };

/** A run beside others. */
export type ComparedRun = {
  /** Its folder. */
  folder: string,
  /** Its name. */
  name: string,
  /** The split that was scored. */
  split: string,
  /** Records in it. */
  records: number, };

/** Settings by their names; what is not named keeps its default. */
export type Configuration = {
  /** A preset that goes before the settings. */
  preset?: string,
  /** The settings. */
  settings?: { [key in string]: SettingValue }, };

/** Different labels for one sequence. */
export type Contradictions = {
  /** Sequences that carry two labels or more. */
  sequences: number,
  /** The records that hold them. */
  records: number,
  /** Further records that nearly repeat a record of another label. */
  near_records: number, };

/** One line. */
export type CurveSeries = {
  /** Its name. */
  name: string,
  /** x, y, and the px from the left and from the top. */
  points: Array<[number, number, number, number]>, };

/** The curves of a run, as far as there is something to draw. */
export type Curves = {
  /** `loss`, `validation` and `learning-rate`, in this order. */
  figures: Array<DrawnFigure>, };

/** Which curves, and how large. */
export type CurvesRequest = {
  /** The run's folder. */
  run: string,
  /** The colours, where the page sets none (`--chart-ink` and the like). */
  theme?: ChartTheme,
  /** The width in px; absent: as the report has it. */
  width?: number,
  /** The height in px. */
  height?: number, };

/** What the audit found, and what it read. */
export type DataReport = {
  /** The files with their formats, sizes and hashes. */
  files: Array<SourceFile>,
  /** Which column was taken for what, in the first file. */
  columns: Columns,
  /** Records in all parts. */
  records: number,
  /** Their letters. */
  letters: number,
  /** The base model whose letters are kept; none: all IUPAC codes are. */
  model: string | null,
  /** Records per label. */
  labels: Array<ClassCount>,
  /** Records without a label. */
  unlabelled: number,
  /** Each part by itself; one part named `all` where nothing assigns splits. */
  parts: Array<PartAudit>,
  /** What is repeated from one part in another. */
  across: Array<Across>,
  /** The same sequence under different labels. */
  contradictions: Contradictions,
  /** Records that share pieces with records of another class. */
  relatives: Array<Relatives>,
  /** How well length or composition alone tells each class from the others. */
  shortcuts: Array<Shortcut>,
  /** Records that hold ambiguity codes. */
  ambiguous_records: number,
  /** Ambiguity codes in all. */
  ambiguous_letters: number,
  /** Records whose name an earlier one carries too. */
  repeated_ids: number,
  /** What cleaning changed. */
  repairs: Repairs,
  /** Records that it changed. */
  repaired_records: number,
  /** Refused records, by the kind of reason. */
  invalid: { [key in string]: number },
  /** Everything that was looked at, with a judgement each, the gravest first. */
  findings: Array<Finding>,
  /** The refused records, with `skip_invalid`. */
  refused: Array<Refused>, };

/** Which data, and how it is to be read. */
export type DataRequest = {
  /** Files, a folder, or a Hub data set. */
  data: Array<string>,
  /** Files that choose the checkpoint. */
  validation?: Array<string>,
  /** Files that are scored once. */
  test?: Array<string>,
  /** The columns, where they are not to be guessed. */
  columns?: ColumnChoice,
  /** The base model whose tokenizer decides which letters are kept; absent: all IUPAC codes are. */
  model?: string,
  /** List broken records instead of stopping at the first. */
  skip_invalid?: boolean,
  /** What is left out before anything else; the files stay as they are. */
  repair?: Array<Repair>, };

/** Rows of a file as they stand in it, before any cleaning. */
export type DataRows = {
  /** What the file is. */
  format: string,
  /** What is taken from which column. */
  columns: Columns,
  /** The names of the columns; of a table without a header, their numbers. */
  names: Array<string>,
  /** The cells as text. */
  rows: Array<Array<string>>,
  /** Where in headers labels may stand; none in tables. */
  header_places: Array<HeaderPlace>, };

/** Rows of the first file as they stand in it. */
export type DataRowsRequest = {
  /** Rows to pass over. */
  offset?: number,
  /** Rows at most; absent: 20. */
  limit?: number,
  /** Files, a folder, or a Hub data set. */
  data: Array<string>,
  /** Files that choose the checkpoint. */
  validation?: Array<string>,
  /** Files that are scored once. */
  test?: Array<string>,
  /** The columns, where they are not to be guessed. */
  columns?: ColumnChoice,
  /** The base model whose tokenizer decides which letters are kept; absent: all IUPAC codes are. */
  model?: string,
  /** List broken records instead of stopping at the first. */
  skip_invalid?: boolean,
  /** What is left out before anything else; the files stay as they are. */
  repair?: Array<Repair>, };

/** What the machine has, and a text about it to send to someone who helps. */
export type Diagnostics = {
  /** What the engine finds. */
  machine: Doctor,
  /** The program that trains; none: it was not found, and nothing can be trained. */
  worker: string | null,
  /** The same in lines of text without the names of private folders. */
  text: string, };

/** The model minus the baseline, on the same draws of the same records. */
export type Difference = {
  /** The interval of each difference, by the metric's name. */
  difference: { [key in string]: Interval }, };

/** A setting that is not the same in all runs. */
export type DifferentSetting = {
  /** Its name in run.json; `base`, `data` for the model and the files. */
  name: string,
  /** Its name for people. */
  label: string,
  /** Its values. */
  values: Array<SettingValue>, };

/** How a number is distributed. */
export type Distribution = {
  /** How many values. */
  count: number,
  /** Their mean. */
  mean: number,
  /** The smallest. */
  minimum: number,
  /** A twentieth lies below. */
  quantile_05: number,
  /** A quarter lies below. */
  quantile_25: number,
  /** Half lies below. */
  median: number,
  /** Three quarters lie below. */
  quantile_75: number,
  /** All but a twentieth lies below. */
  quantile_95: number,
  /** The largest. */
  maximum: number,
  /** Up to twenty bins of one width. */
  histogram: Bins, };

/** What the engine finds on this machine. */
export type Doctor = {
  /** The program's version. */
  version: string,
  /** What it was built for: operating system and processor family. */
  build: string,
  /** Where this program computes unless it is told: `cpu`, `cuda` or `metal`. */
  device: string,
  /** The graphics card that this program, or `episome-cuda` beside it, computes on; none where none answers. */
  card: Card | null,
  /** The processor's name. */
  processor: string,
  /** Vector instructions of the processor that the kernels choose from. */
  instructions: Array<string>,
  /** Processors that the system offers. */
  cores: number,
  /** Threads that the engine computes with. */
  threads: number,
  /** Main memory. */
  memory: Memory,
  /** Episome's own cache (`EPISOME_CACHE`). */
  cache: Folder,
  /** The cache of the Hub, which Python shares (`HF_HOME`). */
  hub_cache: Folder,
  /** The Hub. */
  hub: HubAccess,
  /** The base model inside the program. */
  embedded_model: string,
  /** What stands in the way, each with what to do. */
  problems: Array<string>, };

/** One item of the DOME recommendations. */
export type DomeItem = {
  /** Data, Optimization, Model or Evaluation. */
  section: string,
  /** What is asked. */
  item: string,
  /** The answer; empty where only the author knows it. */
  text: string, };

/** How a download gets on. */
export type DownloadProgress = {
  /** The file in the works. */
  file: string,
  /** Files that are complete. */
  files_done: number,
  /** Files in all. */
  files: number,
  /** Bytes that are here. */
  done: number,
  /** Bytes of all files. */
  size: number, };

/** What a download brought. */
export type Downloaded = {
  /** The repository's id. */
  id: string,
  /** The commit. */
  commit: string,
  /** Its folder. */
  folder: string,
  /** Something that the user should know. */
  note: string | null, };

/** A draft: what a person has filled in and not started yet. */
export type Draft = {
  /** Its name: letters, digits, `-` and `_`. */
  name: string,
  /** Whatever the user interface wants to find again; `null` where there is none. Written as `null`, it is removed. */
  value: unknown,
  /** What it was when it was read or written last; absent in a request: whatever it is now is written over. */
  revision?: string, };

/** A draft, by its name. */
export type DraftRequest = {
  /** Letters, digits, `-` and `_`. */
  name: string, };

/** A draft after it was written. */
export type DraftWritten = {
  /** Whether it was: not where another window has written it since `revision`, whose draft then stays. */
  written: boolean,
  /** What it is now. */
  revision: string, };

/** The drafts that are kept. */
export type Drafts = {
  /** Their names, in order. */
  names: Array<string>, };

/** A figure, drawn. */
export type DrawnFigure = {
  /** Its name, by which it can be saved. */
  name: string,
  /** Its title. */
  title: string,
  /** The words below it. */
  caption: string,
  /** What the horizontal axis shows; empty where there are no lines. */
  x_label: string,
  /** What the vertical axis shows; empty where there are no lines. */
  y_label: string,
  /** An `<svg>` element, safe to stand in the page. */
  svg: string,
  /** Its width in px, in which the places of the points are. */
  width: number,
  /** Its height in px. */
  height: number,
  /** The lines with their points, which a pointer over them is near to; none where there are no lines. */
  series: Array<CurveSeries>, };

/** What failed, where, and what to do. */
export type EngineError = {
  /** What it is about. */
  kind: ErrorKind,
  /** What failed, in a sentence that also names the place where it is known. */
  message: string,
  /** File, line, record, folder, address or option. */
  where: string | null,
  /** What to do about it. */
  remedy: string,
  /** Where one of a few is to be chosen, such as the configurations of a data set: what the same request may name instead. */
  choices?: Array<string>, };

/** What an error is about. Each has an exit code of its own for the program `episome`. */
export type ErrorKind = "internal" | "usage" | "data" | "model" | "adapter" | "network" | "file" | "run" | "device" | "interrupted";

/** A split was scored. */
export type EvaluationEvent = {
  /** When. */
  time: string,
  /** `validation` or `test`. */
  split: string,
  /** Steps done. */
  step: number,
  /** Epochs done. */
  epoch: number,
  /** Records scored. */
  records: number,
  /** Whether it is the best so far by the chosen metric. */
  best: boolean,
  /** Class by class. */
  per_class: Array<ClassScores>,
  /** Mean over the classes, each counting the same. */
  macro_average: Averages,
  /** Mean over the classes, each by its number of records. */
  weighted_average: Averages,
  /** Records by true class (row) and predicted class (column). */
  confusion: Array<Array<number>>,
  /** Why a value is missing, by its name. */
  undefined: { [key in string]: string },
  /** What a reader must know to read the numbers rightly. */
  notes: Array<string>,
  /** Share of records given the right class. */
  accuracy: number | null,
  /** Precision, macro average. */
  precision: number | null,
  /** Recall, macro average. */
  recall: number | null,
  /** F1, macro average. */
  f1: number | null,
  /** Matthews correlation coefficient. */
  mcc: number | null,
  /** Area under the ROC curve. */
  auroc: number | null,
  /** Average precision. */
  auprc: number | null,
  /** Cross-entropy in nats a record. */
  loss: number | null, };

/** Copying an adapter. */
export type ExportRequest = {
  /** An adapter folder, or a run. */
  adapter: string,
  /** The new folder; absent: one in the folder `exports` of the projects. */
  out?: string, };

/** What an export made. */
export type Exported = {
  /** The new folder. */
  folder: string,
  /** Its files, relative to it. */
  files: Array<string>,
  /** Bytes of all files. */
  bytes: number,
  /** The archive, if one was wanted. */
  archive: string | null, };

/** The kinds of file that a figure can be saved as. */
export type FigureFormat = "svg" | "png" | "pdf";

/** A figure that `results.figure` draws. */
export type FigureName = {
  /** `scores`, `confusion`, `roc`, `precision-recall`, `calibration`, `loss`, `validation`, `learning-rate` or `lengths`. */
  name: string,
  /** Its title. */
  title: string,
  /** The words below it. */
  caption: string, };

/** Which figure, and how large. */
export type FigureRequest = {
  /** The run's folder. */
  run: string,
  /** The figure's name. */
  name: string,
  /** The colours, where the page sets none (`--chart-ink` and the like). */
  theme?: ChartTheme,
  /** The width in px, of figures with lines; absent: as the report has it. */
  width?: number,
  /** The height in px. */
  height?: number, };

/** One thing that was looked at. */
export type Finding = {
  /** How much it matters. */
  severity: Severity,
  /**
   * Its name for programs: `invalid`, `unlabelled`, `classes`, `balance`, `missing-class`, `leak`, `near-leak`,
   * `duplicates`, `contradictions`, `relatives`, `shortcut`, `ambiguity`, `short`, `ids`, `repairs`.
   */
  kind: string,
  /** What was found and what to do about it. */
  sentence: string,
  /** How many records it concerns. */
  count: number,
  /** The numbers in the sentence, by name. */
  numbers: { [key in string]: number }, };

/** What a training would need here. */
export type Fit = {
  /** Bytes of memory at the peak. */
  bytes: number,
  /** Bytes of memory that a program could have now; 0 where the system does not tell. */
  available_bytes: number,
  /**
   * Seconds of training and evaluating, measured on this machine; null where no more than the number of the model's
   * parameters is known: `bytes` are then those of its weights, the least that it needs.
   */
  seconds: number | null,
  /** The judgement. */
  verdict: Verdict, };

/** Would this training fit this machine? */
export type FitRequest = {
  /** The base model. Of one on the Hub, its small files are fetched where they are not here yet. */
  model: string,
  /** The revision of a Hub model. */
  revision?: string,
  /** The data. */
  data: DataRequest,
  /** The method and its settings. */
  configuration?: Configuration, };

/** A folder that the engine writes to. */
export type Folder = {
  /** Where it is. */
  path: string,
  /** Whether it is there already; if not, it is made when it is needed. */
  exists: boolean,
  /** Free space on its disk, where the system tells. */
  free_bytes: number | null, };

/** A folder. */
export type FolderRequest = {
  /** Where it is, or was. */
  folder: string, };

/** What happened meanwhile. */
export type FollowProgress = {
  /**
   * The number of the first of these events, from 0. Where it is not the number of events that are known, the run was resumed
   * and took back what came after its checkpoint: what is known from this number on is no longer so.
   */
  first_line: number,
  /** The events. */
  events: Array<RunEvent>,
  /** How the run stands now. */
  state: TrainingState, };

/** A run to follow. */
export type FollowRequest = {
  /** The run's folder. */
  run: string,
  /**
   * Lines that are known already; absent: none. After `training.resume` begin anew: a resumed run takes back what came after
   * its checkpoint.
   */
  from_line?: number, };

/** A place in FASTA and FASTQ headers where a label may stand. */
export type HeaderPlace = {
  /** The words for it as the column of labels: a key, the number of a field counted from 1, or `file`. */
  value: string,
  /** What it is. */
  kind: HeaderPlaceKind,
  /** What stands there in the first headers, each once. */
  examples: Array<string>, };

/** What a place in headers is. */
export type HeaderPlaceKind = "key" | "field" | "file";

/** How the Hub would be reached. */
export type HubAccess = {
  /** Its address (`HF_ENDPOINT`). */
  endpoint: string,
  /** Whether only the cache is used (`HF_HUB_OFFLINE`). */
  offline: boolean,
  /** Whether a token is at hand (`HF_TOKEN`, the token file, or one that was kept); the keyring is not asked. */
  token: boolean, };

/** The account to which the token in use belongs. */
export type HubAccount = {
  /** Where the token is; none where it is not kept. */
  token: HubTokenPlace | null,
  /** The account's name. */
  name: string,
  /** The person's name, where told. */
  full_name: string | null,
  /** What its owner calls the token, where told. */
  token_name: string | null,
  /** What the token may do. */
  rights: HubRights,
  /** Names below which it may make repositories, as far as the Hub tells. */
  owners: Array<string>,
  /** Something that the user should know. */
  note: string | null, };

/** What became of the tokens that Episome keeps. */
export type HubLogout = {
  /** Whether there was one. */
  forgotten: boolean,
  /** Another one that is still in use, such as `HF_TOKEN`. */
  left: HubTokenPlace | null, };

/** What a token may do. */
export type HubRights = "read" | "write" | "fine_grained" | "unknown";

/** Where the token is that would be used. */
export type HubToken = {
  /** The place; none where there is no token. */
  token: HubTokenPlace | null,
  /** The page of the Hub on which tokens are made. */
  page: string,
  /** Whether the Hub may be asked. */
  offline: boolean, };

/** Where a token is. */
export type HubTokenPlace = { "place": "environment" } | { "place": "session" } | { "place": "keyring" } | { "place": "file",
  /** The file. */
  path: string, };

/** An adapter from somewhere else. */
export type ImportRequest = {
  /** A folder, a zip archive, or the id of a repository on the Hub. */
  source: string, };

/** An adapter that was taken in. */
export type Imported = {
  /** Its folder in the library. */
  folder: string,
  /** What its own test inputs gave; none where its base model is not on this machine. */
  check: AdapterCheck | null,
  /** Why it could not be checked. */
  problem: string | null, };

/** How a look at data gets on. */
export type InspectProgress = { "stage": "downloading" } & DownloadProgress | { "stage": "reading" } | { "stage": "checking" };

/** A number with its interval. */
export type Interval = {
  /** The number. */
  estimate: number,
  /** Lower end. */
  low: number,
  /** Upper end. */
  high: number, };

/** What a job says. After `done` or `error` it says nothing more. */
export type JobEvent = { "type": "progress",
  /** The progress type of the job's command. */
  progress: unknown, } | { "type": "done",
  /** The answer type of the job's command. */
  answer: unknown, } | { "type": "error",
  /** Why. */
  error: EngineError, };

/** A job, by its number. */
export type JobRequest = {
  /** The number that [`Started`] gave. */
  job: string, };

/** How well short words alone tell the classes apart, on a sample of the records that a training would not test on. */
export type KmerShortcut = {
  /** Labelled records that the sample was drawn from. */
  records: number,
  /** Records that a regression was fitted on. */
  fitted_on: number,
  /** Other records, on which it was scored. */
  scored_on: number,
  /** The longest word, in letters. */
  longest_word: number,
  /** Matthews' correlation, with its 95 % interval. */
  mcc: Interval,
  /** The area under the ROC curve, with its 95 % interval. */
  auroc: Interval | null,
  /** What that means. */
  verdict: ShortcutVerdict,
  /** The words that tell most, class by class. */
  telling: Array<TellingWords>, };

/** Rows predicted for one label. */
export type LabelCount = {
  /** The label. */
  label: string,
  /** The rows. */
  sequences: number, };

/** A model that can be chosen. */
export type ListedModel = {
  /** What `model.inspect` and `training.start` take. */
  name: string,
  /** Where it comes from. */
  source: ModelSource,
  /** Architecture. */
  family: string | null,
  /** What turns a sequence into tokens, in words. */
  tokenizer: string | null,
  /** Parameters, about. */
  parameters: number | null,
  /** Licence. */
  licence: string | null,
  /** Whether it can be used. */
  supported: boolean,
  /** Why it cannot be used. */
  reason: string | null,
  /** The supported model that comes nearest. */
  nearest: string | null,
  /** A sentence for a biologist. */
  about: string | null,
  /** Whether its weights are on this machine. */
  downloaded: boolean, };

/** A token to use from now on. Without `Debug`, so that it shows nowhere. */
export type LoginRequest = {
  /** The token. */
  token: string,
  /** Whether to forget it when the program ends, instead of keeping it in the system's keyring. */
  session?: boolean, };

/** What would be trained. */
export type Match = {
  /** The full names of the modules that are adapted. */
  matched_modules: Array<string>,
  /** Parameters that are trained. */
  trainable_parameters: number,
  /** All parameters, as peft counts them. */
  all_parameters: number,
  /** The former in percent of the latter. */
  trainable_percent: number, };

/** Which modules would be adapted? */
export type MatchRequest = {
  /** The base model. */
  model: string,
  /** The revision of a Hub model. */
  revision?: string,
  /** Classes of the head; absent: two. */
  classes?: number,
  /** The settings. */
  configuration?: Configuration, };

/** Main memory, in bytes. */
export type Memory = {
  /** All of it. */
  total_bytes: number,
  /** What a program could have now. */
  available_bytes: number, };

/** Merging an adapter into its base. */
export type MergeRequest = {
  /** An adapter folder, or a run. */
  adapter: string,
  /** The base model. */
  model?: string,
  /** The new folder; absent: one in the folder `models` of the projects, named after the adapter. */
  out?: string, };

/** What a merge made. */
export type Merged = {
  /** The folder of the full model. */
  folder: string,
  /** Bytes of its weights. */
  bytes: number,
  /** The names of its classes. */
  labels: Array<string>, };

/** Something that a job says. */
export type Message = {
  /** The job's number. */
  job: string,
  /** What it says. */
  event: JobEvent, };

/** Every setting of a training, once: forms are made from it. */
export type MethodDescription = {
  /** The methods that can be trained. */
  methods: Array<string>,
  /** The settings, in the order in which a form shows them. */
  settings: Array<Setting>,
  /** Settings that go well together. */
  presets: Array<MethodPreset>, };

/** Settings that go well together. */
export type MethodPreset = {
  /** Its name: `quick`, `balanced`, `thorough`. */
  name: string,
  /** What it is for, in a sentence. */
  about: string,
  /** What it sets. */
  settings: { [key in string]: SettingValue }, };

/** The words about a run for a paper. */
export type MethodsText = {
  /** The run in a paragraph. */
  methods: string,
  /** The items of the DOME recommendations (Walsh et al., Nature Methods 18:1122, 2021). */
  dome: Array<DomeItem>, };

/** A score of all runs. */
export type MetricRow = {
  /** The metric's name. */
  metric: string,
  /** Its name for people. */
  label: string,
  /** Whether more is better. */
  higher_is_better: boolean,
  /** The scores with their intervals. */
  values: Array<Interval | null>,
  /** The baselines' scores. */
  baselines: Array<Interval | null>, };

/** A record that the model got wrong. */
export type Mistake = {
  /** The record's name. */
  id: string,
  /** Its letters' number. */
  length: number,
  /** What it is. */
  true_label: string,
  /** What the model called it. */
  predicted_label: string,
  /** How sure the model was. */
  confidence: number,
  /** What the baseline called it. */
  baseline_label: string | null,
  /** The sequence, from the data file. */
  sequence: string | null,
  /** The data file. */
  file: string | null,
  /** The line in it, from 1. */
  line: number | null, };

/** What the model got wrong. */
export type Mistakes = {
  /** Records that were scored. */
  records: number,
  /** Of these, the wrong ones. */
  wrong: number,
  /** The wrong ones of which the model was surest, the surest first. */
  mistakes: Array<Mistake>,
  /** Why the sequences are not there, where they are not. */
  note: string | null, };

/** Which mistakes. */
export type MistakesRequest = {
  /** The run's folder. */
  run: string,
  /** How many at most; absent: 50. */
  limit?: number, };

/** The models that can be chosen without a search. */
export type ModelList = {
  /** The embedded model, then the catalogue. */
  models: Array<ListedModel>, };

/** One model's numbers. */
export type ModelMetrics = {
  /** What it is. */
  description: string,
  /** Records that were scored. */
  records: number,
  /** Class by class. */
  per_class: Array<ClassScores>,
  /** Mean over the classes, each counting the same. */
  macro_average: Averages,
  /** Mean over the classes, each by its number of records. */
  weighted_average: Averages,
  /** Records by true class (row) and predicted class (column). */
  confusion: Array<Array<number>>,
  /** Why a value is missing, by its name. */
  undefined: { [key in string]: string },
  /** What a reader must know to read the numbers rightly. */
  notes: Array<string>,
  /** The interval of each headline number that is defined, by the metric's name. */
  intervals: { [key in string]: Interval },
  /** ROC and precision–recall curves. */
  curves: Array<ClassCurves>,
  /** How sure it was, and how often right. */
  calibration: Calibration | null,
  /** Share of records given the right class. */
  accuracy: number | null,
  /** Precision, macro average. */
  precision: number | null,
  /** Recall, macro average. */
  recall: number | null,
  /** F1, macro average. */
  f1: number | null,
  /** Matthews correlation coefficient. */
  mcc: number | null,
  /** Area under the ROC curve. */
  auroc: number | null,
  /** Average precision. */
  auprc: number | null,
  /** Cross-entropy in nats a record. */
  loss: number | null, };

/** One module that holds weights. */
export type ModelModule = {
  /** The full name: `transformer.h.0.attn.c_attn`. */
  name: string,
  /** `Conv1D`, `Linear`, `LayerNorm` or `Embedding`. */
  kind: string,
  /** The shape of its weight. */
  shape: Array<number>,
  /** Whether it has a bias. */
  bias: boolean,
  /** Parameters that it adds to the model. */
  parameters: number,
  /** Whether it is the task's output layer. */
  head: boolean, };

/** What a base model is. */
export type ModelReport = {
  /** The name that finds it. */
  name: string,
  /** Its folder. */
  folder: string,
  /** The commit on the Hub. */
  revision: string | null,
  /** The architecture, as config.json names it. */
  family: string,
  /** All its parameters, as a language model. */
  parameters: number,
  /** Blocks. */
  layers: number,
  /** Width of the hidden state. */
  width: number,
  /** Token ids. */
  vocabulary: number,
  /** The longest sequence, in tokens. */
  longest_sequence: number,
  /** Names of classes, where it has a classification head. */
  labels: Array<string>,
  /** Bytes of its weight files. */
  weights_bytes: number | null,
  /** Its tokenizer, where there is one. */
  tokenizer: ModelTokenizer | null,
  /** The modules that LoRA usually takes. */
  suggested_targets: Array<string>,
  /** Every module that holds weights. */
  modules: Array<ModelModule>, };

/** A model, by its name. */
export type ModelRequest = {
  /** The embedded model's name, a folder, or a Hub id. */
  model: string,
  /** The revision of a Hub model. */
  revision?: string, };

/** Where a listed model comes from. */
export type ModelSource = "embedded" | "catalogue";

/** What a tokenizer is. */
export type ModelTokenizer = {
  /** Its tokens. */
  tokens: number,
  /** The letters that it knows, in words. */
  letters: string, };

/** A request without words. */
export type Nothing = Record<symbol, never>;

/** The state of things at a glance. */
export type Overview = {
  /** The program's version. */
  version: string,
  /** Where tensors are computed: `cpu`, `cuda` or `metal`. */
  device: string,
  /** The processor's name. */
  processor: string,
  /** Threads that the engine computes with. */
  threads: number,
  /** Main memory. */
  memory: Memory,
  /** The folder of projects, with the free space on its disk. */
  projects: Folder,
  /** What stands in the way, each with what to do. */
  problems: Array<string>,
  /** The runs in the folders of projects, the newest first. */
  runs: Array<Run>,
  /** The base model inside the program. */
  embedded_model: string,
  /** The sample project that the program can make. */
  sample: SampleProject,
  /** Whether a worker that trains was found. */
  can_train: boolean,
  /** The person's choices. */
  settings: Settings, };

/** An adapter as one file. */
export type PackRequest = {
  /** An adapter folder, or a run. */
  adapter: string,
  /**
   * The zip archive as a person named it in the system's dialog, which asked before one is written over; a name without
   * `.zip` gets it, and then one that is not taken. Absent: one in the folder `exports` of the projects.
   */
  out?: string, };

/** One part by itself. */
export type PartAudit = {
  /** Its name. */
  name: string,
  /** Its records. */
  records: number,
  /** Records per label. */
  labels: Array<ClassCount>,
  /** Lengths, in letters. */
  length: Distribution | null,
  /** The share of G and C, from 0 to 1. */
  gc: Distribution | null,
  /** Length and composition of each class. */
  classes: Array<ClassAudit>,
  /** What repeats an earlier record of the same part. */
  repeats: Repeats, };

/** Sequences as a person pastes them. */
export type PasteRequest = {
  /** The text: FASTA, a table, or a sequence a line. */
  text: string, };

/** A file that would be sent. */
export type PlannedFile = {
  /** Its path in the repository. */
  path: string,
  /** Its size. */
  bytes: number, };

/** A point of a precision–recall curve. */
export type PrecisionRecallPoint = {
  /** Share of the class's records called this class. */
  recall: number,
  /** Share of the called records that are of the class. */
  precision: number,
  /** Records with at least this probability are called. */
  threshold: number | null, };

/** One row. */
export type PredictedRow = {
  /** Its place in the input, from 0. */
  place: number,
  /** The record's name. */
  id: string,
  /** Letters of the cleaned sequence. */
  length: number | null,
  /** What was predicted; none where there is no prediction, and then the note says why. */
  label: string | null,
  /** Its probability. */
  confidence: number | null,
  /** The probability of each label. */
  probabilities: Array<number>,
  /** What the reader should know. */
  note: string,
  /** Whether it is unlike anything trained on; the note says in what. */
  unlike: boolean,
  /** The cleaned sequence. */
  sequence: string | null, };

/** What is to predict. */
export type PredictingRequest = {
  /** A run, an adapter folder, or the folder of a merged model. */
  adapter: string, };

/** How far a prediction is. */
export type PredictionProgress = {
  /** Rows that `predict.rows` can give. */
  sequences: number,
  /** Of these, rows without a prediction because the record was refused. */
  invalid: number,
  /** Of these, sequences cut to the model's limit. */
  truncated: number,
  /** Of these, sequences unlike anything trained on: their predictions stand on nothing. */
  unlike: number,
  /** Tokens computed. */
  tokens: number,
  /** Letters read, after cleaning. */
  letters: number, };

/** What to predict. */
export type PredictionRequest = {
  /** A run, an adapter folder, or the folder of a merged model. */
  adapter: string,
  /** Sequence files. */
  input?: Array<string>,
  /** Sequences as pasted: FASTA, or one a line. */
  text?: string,
  /** The base model, where the adapter's own name for it does not lead to it. */
  model?: string,
  /** Stop at a record that cannot be read, instead of giving it a row with a note. */
  strict?: boolean,
  /** The most tokens of a sequence; absent: as in training. */
  max_length?: number,
  /** The columns of tables; only sequences and names are looked at. */
  columns?: ColumnChoice, };

/** What a prediction gave. */
export type PredictionSummary = {
  /** Whether every record has its row; false after `job.cancel`. */
  complete: boolean,
  /** What predicted. */
  adapter: string,
  /** The base model's name. */
  base: string,
  /** The most tokens of a sequence. */
  max_length: number,
  /** Rows predicted for each label, in the labels' order. */
  predicted: Array<LabelCount>,
  /** What cleaning changed. */
  repairs: Repairs,
  /** Seconds from the first record to the last row. */
  seconds: number,
  /** Rows that `predict.rows` can give. */
  sequences: number,
  /** Of these, rows without a prediction because the record was refused. */
  invalid: number,
  /** Of these, sequences cut to the model's limit. */
  truncated: number,
  /** Of these, sequences unlike anything trained on: their predictions stand on nothing. */
  unlike: number,
  /** Tokens computed. */
  tokens: number,
  /** Letters read, after cleaning. */
  letters: number, };

/** A path of this computer in a file. */
export type PrivatePath = {
  /** The file, by its path in the repository. */
  file: string,
  /** The line, from 1 on. */
  line: number,
  /** The path. */
  path: string, };

/** A refused record. */
export type Refused = {
  /** The file. */
  file: string,
  /** The line on which it starts, from 1. */
  line: number,
  /** Its number in the file, from 1. */
  record: number,
  /** Its name. */
  id: string,
  /** Why it is refused. */
  reason: string, };

/** Records of a class that have pieces in common with records of another class. */
export type Relatives = {
  /** The class. */
  label: string,
  /** The class whose pieces they hold. */
  other: string,
  /** How many records of the class do. */
  records: number,
  /** Their share of the class. */
  fraction: number,
  /** The share of the class that has pieces in common with other records of its own. */
  fraction_in_class: number, };

/** A run's new name. */
export type RenameRequest = {
  /** The run's folder. */
  run: string,
  /** Its name from now on, which becomes its folder's. */
  name: string, };

/** Records that are left out. */
export type Repair = "unlabelled" | "contradictions" | "leaks" | "duplicates";

/** What cleaning changed, in letters (labels in labels). */
export type Repairs = {
  /** Lower-case letters made upper case. */
  upper_cased: number,
  /** U turned into T. */
  uracil: number,
  /** Blanks removed. */
  blanks: number,
  /** Gap characters removed. */
  gaps: number,
  /** Letters left over when overlapping k-mers were joined. */
  kmers: number,
  /** Labels whose surrounding blanks were removed. */
  labels: number, };

/** How many records repeat others. A record counts once, under the first that applies. */
export type Repeats = {
  /** Letter for letter. */
  exact: number,
  /** Letter for letter on the other strand. */
  reverse_complement: number,
  /** Sharing at least half of the 15-mers. */
  near: number, };

/** How intervals were drawn. */
export type Resampling = {
  /** How many times the records were drawn again. */
  resamples: number,
  /** The share of the draws that an interval holds. */
  confidence: number,
  /** The seed. */
  seed: number, };

/** What a run's report holds. */
export type ResultsReport = {
  /** The run. */
  run: Run,
  /** The numbers, at full precision. */
  metrics: RunMetrics,
  /** The figures, in the order of the page. */
  figures: Array<FigureName>,
  /** report.html */
  page: string, };

/** A point of a ROC curve. */
export type RocPoint = {
  /** Share of the other classes' records called this class. */
  false_positive_rate: number,
  /** Share of the class's records called this class. */
  true_positive_rate: number,
  /** Records with at least this probability are called. */
  threshold: number | null, };

/** Which rows. All conditions that are given must hold. */
export type RowFilter = {
  /** The predicted label. */
  label?: string,
  /** The least confidence. */
  confidence?: number,
  /** The class of `at_least`. */
  class?: string,
  /** The least probability of `class`. */
  at_least?: number,
  /** Text in the name or the note, whatever its case. */
  text?: string,
  /** Only rows unlike anything trained on. */
  unlike?: boolean,
  /** Only rows with a note. */
  noted?: boolean,
  /** Only rows without a prediction. */
  unpredicted?: boolean, };

/** The kinds of file that rows are saved as. */
export type RowFormat = "csv" | "tsv" | "xlsx" | "fasta" | "jsonl" | "parquet";

/** An order of rows. */
export type RowSort = {
  /** `id`, `length`, `label`, `confidence`, `note`, or `prob_` and a label. */
  column: string,
  /** From the largest on. */
  descending: boolean, };

/** Rows of a prediction. */
export type RowsPage = {
  /** Rows so far. */
  total: number,
  /** Of these, rows that pass the filter. */
  matched: number,
  /** The labels, in the order of the probabilities. */
  labels: Array<string>,
  /** The rows of the page. */
  rows: Array<PredictedRow>, };

/** A page of rows. */
export type RowsRequest = {
  /** The number of the prediction's job. */
  job: string,
  /** Rows to pass over. */
  offset?: number,
  /** Rows at most. */
  limit?: number,
  /** The order; absent: that of the input. */
  sort?: RowSort,
  /** Which rows; absent: all. */
  filter?: RowFilter, };

/** A run as its folder tells it. */
export type Run = {
  /** Its folder. */
  folder: string,
  /** Its name: the folder's. */
  name: string,
  /** How it stands. */
  state: RunState,
  /** The base model's name. */
  base: string,
  /** When it was started (RFC 3339, UTC). */
  started: string | null,
  /** The last step that it took. */
  step: number | null,
  /** All steps. */
  steps: number | null,
  /** The metric by which the best state is chosen. */
  metric: string | null,
  /** Its best value on the validation split. */
  best: number | null,
  /** What it scored on the test split. */
  test: number | null,
  /** The best adapter, where there is one. */
  adapter: string | null,
  /** The report, where there is one. */
  report: string | null,
  /** What is wrong with its files, where something is. */
  problem: string | null, };

/** Runs side by side. Lists of values have one for each run. */
export type RunComparison = {
  /** The runs. */
  runs: Array<ComparedRun>,
  /** The settings that are not the same in all of them. */
  differences: Array<DifferentSetting>,
  /** The scores. */
  metrics: Array<MetricRow>,
  /** Whether all were scored on the same records: if not, their scores cannot be compared. */
  same_records: boolean, };

/** One line of events.jsonl. `time` is RFC 3339, UTC. */
export type RunEvent = { "type": "started",
  /** When. */
  time: string,
  /** Steps that a resumed run had taken already. */
  resumed_at: number,
  /** The program's version. */
  version: string,
  /** The base model's name. */
  base: string,
  /** The method. */
  method: string,
  /** Parameters that training changes. */
  trainable_parameters: number,
  /** All parameters. */
  all_parameters: number,
  /** The former in per cent of the latter. */
  trainable_percent: number,
  /** Modules that the adapter sits on. */
  matched_modules: Array<string>,
  /** The labels. */
  labels: Array<string>,
  /** Records in the three splits. */
  records: SplitCounts,
  /** All optimizer steps of the run. */
  steps: number,
  /** All epochs of the run. */
  epochs: number,
  /** Sequences a step. */
  batch_size: number,
  /** The longest sequence in tokens after cutting. */
  longest: number,
  /** `cpu`, `cuda` or `metal`. */
  device: string,
  /** Threads in use. */
  threads: number, } | { "type": "progress",
  /** When. */
  time: string,
  /** Which part. */
  stage: Stage,
  /** A sentence. */
  message: string,
  /** Records done. */
  done: number | null,
  /** Records in all. */
  total: number | null, } | { "type": "step",
  /** When. */
  time: string,
  /** Its number, counted from 1. */
  step: number,
  /** All steps of the run. */
  steps: number,
  /** Epochs done, with the fraction of the current one. */
  epoch: number,
  /** Mean cross-entropy of the batch, in nats. */
  loss: number,
  /** The learning rate of this step. */
  learning_rate: number,
  /** The joint norm of the gradients before clipping. */
  gradient_norm: number,
  /** Sequences a second since the last step event. */
  sequences_per_second: number,
  /** Tokens a second since the last step event. */
  tokens_per_second: number, } | { "type": "evaluation" } & EvaluationEvent | { "type": "checkpoint",
  /** When. */
  time: string,
  /** Steps done. */
  step: number,
  /** Its folder, relative to the run. */
  path: string,
  /** Whether it holds the best state. */
  best: boolean, } | { "type": "warning",
  /** When. */
  time: string,
  /** A short word for machines. */
  kind: string,
  /** A sentence, with numbers and what to do. */
  message: string,
  /** How many records it concerns. */
  count: number | null, } | { "type": "paused",
  /** When. */
  time: string,
  /** Steps done. */
  step: number,
  /** Why. */
  reason: string, } | { "type": "finished",
  /** When. */
  time: string,
  /** Steps taken. */
  step: number,
  /** Epochs done. */
  epoch: number,
  /** The adapter's folder. */
  adapter: string,
  /** The report. */
  report: string,
  /** The step whose state is the adapter. */
  best_step: number,
  /** The metric by which it was chosen. */
  metric: string,
  /** Its value on the validation split. */
  best: number | null,
  /** Why the training ended before the last epoch, if it did. */
  ended_early: string | null,
  /** Whether it did because someone wanted it judged as it was. */
  on_request: boolean,
  /** Seconds of work. */
  seconds: number, } | { "type": "failed",
  /** When. */
  time: string,
  /** A short word for machines. */
  kind: string,
  /** What failed. */
  message: string,
  /** Where: a file with a line, a setting, a step. */
  where: string | null,
  /** What to do about it. */
  remedy: string | null,
  /** Steps done. */
  step: number,
  /** Whether the run can be resumed. */
  resumable: boolean, } | { "type": "stopped",
  /** When. */
  time: string,
  /** Steps done. */
  step: number,
  /** Epochs done. */
  epoch: number,
  /** The best adapter so far. */
  adapter: string | null, } | { "type": "unknown" };

/** Something about a finished run that its scores alone do not say. */
export type RunFinding = {
  /** `diverged` or `one-class`. */
  kind: string,
  /** What was found. */
  message: string,
  /** What to do about it. */
  remedy: string, };

/** What metrics.json holds. */
export type RunMetrics = {
  /** The split that was scored. */
  split: string,
  /** Records in it. */
  records: number,
  /** Class names, by number. */
  labels: Array<string>,
  /** What the language model adds to the baseline, in a sentence. */
  sentence: string,
  /** Why the numbers are not to be believed, where there is a reason. */
  findings: Array<RunFinding>,
  /** The fine-tuned model. */
  model: ModelMetrics,
  /** The baseline on the same records. */
  baseline: ModelMetrics | null,
  /** The model minus the baseline. */
  comparison: Difference | null,
  /** How the intervals were drawn. */
  bootstrap: Resampling, };

/** A run, by its folder. */
export type RunRequest = {
  /** The folder. */
  run: string, };

/** How a run stands. */
export type RunState = "finished" | "stopped" | "failed" | "training" | "paused" | "unfinished";

/** A job that is under way. */
export type RunningJob = {
  /** Its number. */
  job: string,
  /** The command that started it. */
  command: string,
  /** What was asked. */
  request: unknown,
  /** What it told last; none: nothing yet. */
  progress: unknown,
  /** Seconds since it was started. */
  seconds: number, };

/** The jobs that are under way. */
export type RunningJobs = {
  /** In the order in which they were started. */
  jobs: Array<RunningJob>, };

/** Runs found below some folders. */
export type Runs = {
  /** In the order of their folders' names. */
  runs: Array<Run>, };

/** The sample project's files. */
export type Sample = {
  /** What `data.inspect` and `training.start` take as data. */
  data: Array<string>,
  /** Sequences without labels, to predict. */
  unlabelled: string,
  /** What it is, in words (Markdown). */
  readme: string,
  /** Always true: no organism made these sequences. */
  simulated: boolean, };

/** The sample project: simulated sequences, which say nothing about biology. */
export type SampleProject = {
  /** Labelled sequences in it. */
  records: number,
  /** Letters of each. */
  length: number, };

/** A figure to save. */
export type SaveFigureRequest = {
  /** The run's folder. */
  run: string,
  /** The figure's name. */
  name: string,
  /** The kind of file. */
  format: FigureFormat,
  /** The page that it is drawn for. */
  theme?: ChartTheme,
  /**
   * The file as a person named it in the system's dialog, as [`SaveRowsRequest`](super::predictions::SaveRowsRequest) has it;
   * absent: in the folder `exports` of the projects.
   */
  out?: string, };

/** Rows to save. */
export type SaveRowsRequest = {
  /** The number of the prediction's job. */
  job: string,
  /** The kind of file. */
  format: RowFormat,
  /**
   * The file as a person named it in the system's dialog, which asked before one is written over; a name that lacks its
   * ending gets it, and then one that is not taken. Absent: a new one in the folder `predictions` of the projects.
   */
  out?: string,
  /** The order; absent: that of the input. */
  sort?: RowSort,
  /** Which rows; absent: all. */
  filter?: RowFilter, };

/** A file that was written. */
export type Saved = {
  /** Where it lies. */
  path: string, };

/** What is searched. */
export type SearchKind = "model" | "dataset";

/** A search of the Hub. */
export type SearchRequest = {
  /** Words. */
  query: string,
  /** Models, or data sets. */
  kind?: SearchKind,
  /** How many at most. */
  limit?: number, };

/** A repository that a search found. */
export type SearchResult = {
  /** `owner/name`. */
  id: string,
  /** Downloads in the last thirty days. */
  downloads: number,
  /** Likes. */
  likes: number,
  /** The library that reads it. */
  library: string | null,
  /** Licence. */
  licence: string | null,
  /** Whether a person must ask for access first. */
  gated: boolean,
  /** Time of the last commit (RFC 3339). */
  last_modified: string | null,
  /** Where a person reads about it. */
  page: string, };

/** What a search found. */
export type SearchResults = {
  /** The most downloaded first. */
  results: Array<SearchResult>, };

/** What an adapter's own test inputs gave. */
export type SelfTestResult = {
  /** Inputs run. */
  inputs: number,
  /** The largest difference of a logit from the recorded one. */
  largest_difference: number,
  /** The largest difference that passes. */
  tolerance: number, };

/** One sequence as a model sees it. */
export type SequenceTokens = {
  /** The sequence after cleaning, which `start` and `end` count in. */
  sequence: string,
  /** Its tokens. */
  tokens: Array<Token>,
  /** Why it cannot be read, where it cannot. */
  problem: string | null, };

/** One setting. */
export type Setting = {
  /** Its name in run.json, and in the settings of a request. */
  name: string,
  /** Its flag on the command line; errors name it as their place. */
  flag: string,
  /** Its name for people. */
  label: string,
  /** One line. */
  help: string,
  /** A few sentences for someone who has never trained a model. */
  explanation: string,
  /** What kind of value it takes. */
  kind: ValueKind,
  /** What it is unless it is given; null: chosen from the data or the model. */
  default: SettingValue,
  /** The smallest and the largest allowed number. */
  limits: [number, number] | null,
  /** What nearly every training keeps to. */
  usual: [number, number] | null,
  /** The allowed words; empty if any will do. */
  choices: Array<string>,
  /** Where a form shows it. */
  group: SettingGroup,
  /** Whether a form hides it until it is asked for. */
  advanced: boolean, };

/** Settings that belong together. */
export type SettingGroup = "data" | "method" | "training" | "evaluation" | "machine";

/** The value of a setting. */
export type SettingValue = boolean | number | string | Array<SettingValue> | null;

/** What a person has chosen. Kept in settings.json. */
export type Settings = {
  /** The language of the texts, `en` or `zh`; none: the system's. */
  language: string | null,
  /** Light, dark, or the system's. */
  theme: ThemeChoice,
  /** The folder of projects; none: `Episome` at home. */
  projects: string | null,
  /** Further folders in which runs and adapters are looked for. */
  folders: Array<string>,
  /** Use what is on this machine and open no connection. */
  offline: boolean,
  /** Threads that training computes with; none: one for each core. */
  threads: number | null,
  /** Where training computes: `auto`, `cpu`, `cuda` or `metal`. */
  device: string | null,
  /** Whether the tour of the first start was seen or skipped. */
  tour_seen: boolean, };

/** Some of the choices, changed. */
export type SettingsChange = {
  /** The fields of [`Settings`] that change; the others stay as they are, whoever set them. */
  changes: Partial<Settings>, };

/** How much a finding matters. */
export type Severity = "fix" | "look" | "fine";

/** How well one plain number tells a class from all others. */
export type Shortcut = {
  /** `gc` or `length`. */
  feature: string,
  /** The class. */
  label: string,
  /** The area under the ROC curve of that number alone: 0.5 says nothing, 1 and 0 say everything. */
  auroc: number,
  /** The mean in the class. */
  mean: number,
  /** The mean of the others. */
  mean_of_others: number, };

/** How the measuring gets on. */
export type ShortcutProgress = {
  /** What is being done. */
  stage: ShortcutStage, };

/** What is being done. */
export type ShortcutStage = "dividing" | "fitting" | "scoring";

/** What a shortcut comes to. */
export type ShortcutVerdict = "easy" | "partly" | "nothing";

/** A program to copy. */
export type Snippet = {
  /** Python. */
  code: string, };

/** A file that records came from. */
export type SourceFile = {
  /** Where it lies. */
  path: string,
  /** Its size in bytes. */
  bytes: number,
  /** SHA-256 of these bytes. */
  sha256: string,
  /** What it is: `fasta`, `fastq`, `delimited`, `text`, `json_lines`, `json_array`, `parquet`, `spreadsheet`. */
  format: string,
  /** The records met in it, refused ones included. */
  records: number, };

/** Records in the three splits. */
export type SplitCounts = {
  /** Trained on. */
  train: number,
  /** Choosing the best state. */
  validation: number,
  /** Scored once. */
  test: number, };

/** One split. */
export type SplitPart = {
  /** `train`, `validation` or `test`. */
  name: string,
  /** Its records. */
  records: number,
  /** Its records of each label, in the labels' order. */
  per_label: Array<number>, };

/** How a data set would be divided. */
export type SplitPreview = {
  /** How records come to their splits, in a sentence. */
  method: string,
  /** The labels in the order of the head's outputs. */
  labels: Array<string>,
  /** Train, validation and test, those that have records. */
  parts: Array<SplitPart>,
  /** What to know about it, a sentence each. */
  remarks: Array<string>, };

/** A division to look at beforehand. */
export type SplitRequest = {
  /** The settings, of which those of the group `data` and the seed matter. */
  configuration?: Configuration,
  /** Files, a folder, or a Hub data set. */
  data: Array<string>,
  /** Files that choose the checkpoint. */
  validation?: Array<string>,
  /** Files that are scored once. */
  test?: Array<string>,
  /** The columns, where they are not to be guessed. */
  columns?: ColumnChoice,
  /** The base model whose tokenizer decides which letters are kept; absent: all IUPAC codes are. */
  model?: string,
  /** List broken records instead of stopping at the first. */
  skip_invalid?: boolean,
  /** What is left out before anything else; the files stay as they are. */
  repair?: Array<Repair>, };

/** A part of the work of a run. */
export type Stage = "reading" | "auditing" | "tokenizing" | "loading" | "baseline" | "testing" | "report";

/** The answer of a command that goes on by itself. */
export type Started = {
  /** Its number, which its messages carry. */
  job: string, };

/** The words that speak for a class. */
export type TellingWords = {
  /** The class. */
  label: string,
  /** Words that it has more of than the others, the most telling first. */
  words: Array<string>, };

/** Light or dark. */
export type ThemeChoice = "system" | "light" | "dark";

/** The counts where records with at least this probability are called the class. */
export type ThresholdPoint = {
  /** The probability. */
  threshold: number,
  /** Records of the class that are called so. */
  true_positives: number,
  /** Other records that are called so. */
  false_positives: number,
  /** Other records that are not. */
  true_negatives: number,
  /** Records of the class that are missed. */
  false_negatives: number,
  /** Of the called records, the share that is of the class. */
  precision: number | null,
  /** Of the class's records, the share that is called. */
  recall: number | null,
  /** Of the other records, the share that is not called. */
  specificity: number | null,
  /** The harmonic mean of precision and recall. */
  f1: number | null,
  /** Matthews' correlation. */
  mcc: number,
  /** The share of records on the right side. */
  accuracy: number | null, };

/** Which threshold. */
export type ThresholdRequest = {
  /** The run's folder. */
  run: string,
  /** The class; absent: the second of two, the first of more. */
  class?: string,
  /** The threshold; absent: every hundredth from 0 to 1. */
  threshold?: number, };

/** The counts at thresholds. */
export type Thresholds = {
  /** The class. */
  class: string,
  /** Records of the class. */
  positives: number,
  /** All other records. */
  negatives: number,
  /** One for each threshold, from the lowest on. */
  points: Array<ThresholdPoint>, };

/** A token with its place. */
export type Token = {
  /** Its id. */
  id: number,
  /** Its text as it stands in the vocabulary. */
  token: string,
  /** The first letter that it stands for, from 0. */
  start: number,
  /** The letter after its last; the same as `start` for tokens that stand for none. */
  end: number, };

/** Sequences as a model sees them. */
export type TokenizedSequences = {
  /** One for each sequence. */
  sequences: Array<SequenceTokens>,
  /** The most tokens that the model takes. */
  longest_sequence: number, };

/** Sequences as a model sees them. */
export type TokensRequest = {
  /** The base model. */
  model: string,
  /** The sequences. */
  sequences: Array<string>, };

/** A training to start. */
export type TrainingRequest = {
  /** The run's name, which becomes its folder's; absent: made from the data's name. */
  name?: string,
  /** The data and how it is to be read. */
  data: DataRequest,
  /** The base model. */
  model: string,
  /** The revision of a Hub model. */
  revision?: string,
  /** The method and its settings. */
  configuration?: Configuration, };

/** A training that was started. */
export type TrainingStarted = {
  /** The run's folder. */
  run: string, };

/** How a run stands. */
export type TrainingState = {
  /** Its summary. */
  run: Run,
  /** The number of the process at work on it. */
  process: number | null,
  /** Bytes of memory that this process holds. */
  memory_bytes: number | null,
  /** Lines of events.jsonl so far. */
  lines: number, };

/** An adapter that is to be sent, and where to. */
export type UploadAdapterRequest = {
  /** An adapter folder, or a run. */
  adapter: string,
  /** The base model's name on the Hub, for an adapter that names a folder of this computer. */
  base?: string,
  /** Whether other paths of this computer are cut to their last part in what is sent. */
  shorten_paths?: boolean,
  /** The repository: `owner/name`. */
  repository: string,
  /** Whether everybody may see it; else only its owners. */
  public?: boolean,
  /** What the commit says. */
  message?: string, };

/** What an upload would send. */
export type UploadPlan = {
  /** The adapter's folder. */
  folder: string,
  /** A name for the repository, without its owner. */
  name: string,
  /** The files. */
  files: Array<PlannedFile>,
  /** Bytes of all files. */
  bytes: number,
  /** Files of the folder that stay behind: hidden ones and links. */
  left_out: Array<string>,
  /** The base model's name, as it would be sent. */
  base: string,
  /** Whether that is a folder of this computer, for which a name on the Hub must be given. */
  base_is_local: boolean,
  /** The base model's likely name on the Hub, where its folder tells. */
  likely_base: string | null,
  /** Other paths of this computer, which must be cut or removed. */
  private_paths: Array<PrivatePath>,
  /** Something that the user should know. */
  notes: Array<string>, };

/** An adapter that is to be sent to the Hub. */
export type UploadRequest = {
  /** An adapter folder, or a run. */
  adapter: string,
  /** The base model's name on the Hub, for an adapter that names a folder of this computer. */
  base?: string,
  /** Whether other paths of this computer are cut to their last part in what is sent. */
  shorten_paths?: boolean, };

/** What an upload is at. */
export type UploadStage = "preparing" | "sending" | "committing";

/** How an upload gets on. */
export type UploadStep = {
  /** What it is at. */
  phase: UploadStage,
  /** The file in the works; empty between files. */
  file: string,
  /** Files that are there. */
  files_done: number,
  /** Files in all. */
  files: number,
  /** Bytes that were sent or are there already. */
  done: number,
  /** Bytes of all files. */
  size: number, };

/** What an upload made. */
export type UploadedAdapter = {
  /** The repository: `owner/name`. */
  repository: string,
  /** Its page. */
  page: string,
  /** The commit. */
  commit: string,
  /** Whether the repository is new. */
  created: boolean,
  /** Whether only its owners see it. */
  private: boolean,
  /** Files that were new or had changed. */
  changed: number,
  /** Files in all. */
  files: number,
  /** Bytes of all files. */
  bytes: number, };

/** The kind of value that a setting takes. */
export type ValueKind = "integer" | "number" | "switch" | "text" | "list";

/** Whether a training fits. */
export type Verdict = "fits" | "tight" | "too_large";

/** A card to write. */
export type WriteCardRequest = {
  /** An adapter folder, or a run. */
  adapter: string,
  /** What a person has filled in. */
  card: CardForm, };
