// Generated from the Rust types by `cargo xtask docs`; a test fails while they differ. Do not edit.

import type {
  AdapterCheck,
  AdapterProgress,
  AdapterRequest,
  AdapterSummary,
  Adapters,
  CardForm,
  CompareRequest,
  Curves,
  CurvesRequest,
  DataReport,
  DataRequest,
  DataRows,
  DataRowsRequest,
  Diagnostics,
  DownloadProgress,
  Downloaded,
  Draft,
  DraftRequest,
  DraftWritten,
  Drafts,
  DrawnFigure,
  ExportRequest,
  Exported,
  FigureRequest,
  Fit,
  FitRequest,
  FolderRequest,
  FollowProgress,
  FollowRequest,
  HubAccount,
  HubLogout,
  HubToken,
  ImportRequest,
  Imported,
  InspectProgress,
  JobRequest,
  KmerShortcut,
  LoginRequest,
  Match,
  MatchRequest,
  MergeRequest,
  Merged,
  MethodDescription,
  MethodsText,
  Mistakes,
  MistakesRequest,
  ModelList,
  ModelReport,
  ModelRequest,
  Nothing,
  Overview,
  PackRequest,
  PasteRequest,
  PredictingRequest,
  PredictionProgress,
  PredictionRequest,
  PredictionSummary,
  RenameRequest,
  ResultsReport,
  RowsPage,
  RowsRequest,
  RunComparison,
  RunRequest,
  RunningJobs,
  Runs,
  Sample,
  SaveFigureRequest,
  SaveRowsRequest,
  Saved,
  SearchRequest,
  SearchResults,
  Settings,
  SettingsChange,
  ShortcutProgress,
  Snippet,
  SplitPreview,
  SplitRequest,
  ThresholdRequest,
  Thresholds,
  TokenizedSequences,
  TokensRequest,
  TrainingRequest,
  TrainingStarted,
  TrainingState,
  UploadAdapterRequest,
  UploadPlan,
  UploadRequest,
  UploadStep,
  UploadedAdapter,
  WriteCardRequest,
} from "./types";

/** Commands that answer at once. */
export interface Commands {
  "home.overview": { request: Nothing; answer: Overview };
  "home.sample": { request: Nothing; answer: Sample };
  "data.rows": { request: DataRowsRequest; answer: DataRows };
  "data.tokens": { request: TokensRequest; answer: TokenizedSequences };
  "data.paste": { request: PasteRequest; answer: Saved };
  "data.split_preview": { request: SplitRequest; answer: SplitPreview };
  "model.list": { request: Nothing; answer: ModelList };
  "model.search": { request: SearchRequest; answer: SearchResults };
  "model.inspect": { request: ModelRequest; answer: ModelReport };
  "model.fit": { request: FitRequest; answer: Fit };
  "method.describe": { request: Nothing; answer: MethodDescription };
  "method.match": { request: MatchRequest; answer: Match };
  "training.start": { request: TrainingRequest; answer: TrainingStarted };
  "training.state": { request: RunRequest; answer: TrainingState };
  "training.curves": { request: CurvesRequest; answer: Curves };
  "training.pause": { request: RunRequest; answer: Nothing };
  "training.stop": { request: RunRequest; answer: Nothing };
  "training.resume": { request: RunRequest; answer: Nothing };
  "training.finish": { request: RunRequest; answer: Nothing };
  "results.report": { request: RunRequest; answer: ResultsReport };
  "results.figure": { request: FigureRequest; answer: DrawnFigure };
  "results.save_figure": { request: SaveFigureRequest; answer: Saved };
  "results.mistakes": { request: MistakesRequest; answer: Mistakes };
  "results.threshold": { request: ThresholdRequest; answer: Thresholds };
  "results.compare": { request: CompareRequest; answer: RunComparison };
  "results.methods": { request: RunRequest; answer: MethodsText };
  "predict.model": { request: PredictingRequest; answer: AdapterSummary };
  "predict.rows": { request: RowsRequest; answer: RowsPage };
  "predict.save": { request: SaveRowsRequest; answer: Saved };
  "predict.forget": { request: JobRequest; answer: Nothing };
  "runs.list": { request: Nothing; answer: Runs };
  "runs.rename": { request: RenameRequest; answer: TrainingStarted };
  "runs.trash": { request: RunRequest; answer: Nothing };
  "runs.restore": { request: RunRequest; answer: Nothing };
  "adapters.card": { request: AdapterRequest; answer: CardForm };
  "adapters.write_card": { request: WriteCardRequest; answer: Saved };
  "adapters.snippet": { request: AdapterRequest; answer: Snippet };
  "adapters.trash": { request: FolderRequest; answer: Nothing };
  "adapters.restore": { request: FolderRequest; answer: Nothing };
  "adapters.list": { request: Nothing; answer: Adapters };
  "adapters.export": { request: ExportRequest; answer: Exported };
  "adapters.pack": { request: PackRequest; answer: Saved };
  "adapters.upload_plan": { request: UploadRequest; answer: UploadPlan };
  "hub.token": { request: Nothing; answer: HubToken };
  "hub.account": { request: Nothing; answer: HubAccount };
  "hub.login": { request: LoginRequest; answer: HubAccount };
  "hub.logout": { request: Nothing; answer: HubLogout };
  "hub.login_again": { request: Nothing; answer: Nothing };
  "settings.read": { request: Nothing; answer: Settings };
  "settings.change": { request: SettingsChange; answer: Settings };
  "settings.diagnostics": { request: Nothing; answer: Diagnostics };
  "drafts.list": { request: Nothing; answer: Drafts };
  "drafts.read": { request: DraftRequest; answer: Draft };
  "drafts.write": { request: Draft; answer: DraftWritten };
  "job.cancel": { request: JobRequest; answer: Nothing };
  "jobs.list": { request: Nothing; answer: RunningJobs };
  "job.listen": { request: JobRequest; answer: Nothing };
}

/** Commands that start a job: `Started` at once, then messages. */
export interface Jobs {
  "data.inspect": { request: DataRequest; progress: InspectProgress; answer: DataReport };
  "data.kmer_shortcut": { request: DataRequest; progress: ShortcutProgress; answer: KmerShortcut };
  "model.download": { request: ModelRequest; progress: DownloadProgress; answer: Downloaded };
  "training.follow": { request: FollowRequest; progress: FollowProgress; answer: TrainingState };
  "predict.start": { request: PredictionRequest; progress: PredictionProgress; answer: PredictionSummary };
  "adapters.import": { request: ImportRequest; progress: AdapterProgress; answer: Imported };
  "adapters.check": { request: AdapterRequest; progress: AdapterProgress; answer: AdapterCheck };
  "adapters.merge": { request: MergeRequest; progress: AdapterProgress; answer: Merged };
  "adapters.upload": { request: UploadAdapterRequest; progress: UploadStep; answer: UploadedAdapter };
}
