// Generated from the Rust types by `cargo xtask docs`; a test fails while they differ. Do not edit.

import type {
  AdapterCheck,
  AdapterRequest,
  Adapters,
  CompareRequest,
  Curves,
  CurvesRequest,
  DataReport,
  DataRequest,
  Diagnostics,
  DownloadProgress,
  Downloaded,
  Draft,
  DraftRequest,
  Drafts,
  DrawnFigure,
  ExportRequest,
  Exported,
  FigureRequest,
  FollowProgress,
  FollowRequest,
  JobRequest,
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
  PredictionProgress,
  PredictionRequest,
  PredictionSummary,
  ResultsReport,
  RowsPage,
  RowsRequest,
  RunComparison,
  RunRequest,
  Runs,
  Sample,
  SaveFigureRequest,
  SaveRowsRequest,
  Saved,
  SearchRequest,
  SearchResults,
  Settings,
  ThresholdRequest,
  Thresholds,
  TrainingRequest,
  TrainingStarted,
  TrainingState,
} from "./types";

/** Commands that answer at once. */
export interface Commands {
  "home.overview": { request: Nothing; answer: Overview };
  "home.sample": { request: Nothing; answer: Sample };
  "data.inspect": { request: DataRequest; answer: DataReport };
  "model.list": { request: Nothing; answer: ModelList };
  "model.search": { request: SearchRequest; answer: SearchResults };
  "model.inspect": { request: ModelRequest; answer: ModelReport };
  "method.describe": { request: Nothing; answer: MethodDescription };
  "method.match": { request: MatchRequest; answer: Match };
  "training.start": { request: TrainingRequest; answer: TrainingStarted };
  "training.state": { request: RunRequest; answer: TrainingState };
  "training.curves": { request: CurvesRequest; answer: Curves };
  "training.pause": { request: RunRequest; answer: Nothing };
  "training.stop": { request: RunRequest; answer: Nothing };
  "training.resume": { request: RunRequest; answer: Nothing };
  "results.report": { request: RunRequest; answer: ResultsReport };
  "results.figure": { request: FigureRequest; answer: DrawnFigure };
  "results.save_figure": { request: SaveFigureRequest; answer: Saved };
  "results.mistakes": { request: MistakesRequest; answer: Mistakes };
  "results.threshold": { request: ThresholdRequest; answer: Thresholds };
  "results.compare": { request: CompareRequest; answer: RunComparison };
  "results.methods": { request: RunRequest; answer: MethodsText };
  "predict.rows": { request: RowsRequest; answer: RowsPage };
  "predict.save": { request: SaveRowsRequest; answer: Saved };
  "predict.forget": { request: JobRequest; answer: Nothing };
  "runs.list": { request: Nothing; answer: Runs };
  "adapters.list": { request: Nothing; answer: Adapters };
  "adapters.check": { request: AdapterRequest; answer: AdapterCheck };
  "adapters.export": { request: ExportRequest; answer: Exported };
  "adapters.merge": { request: MergeRequest; answer: Merged };
  "settings.read": { request: Nothing; answer: Settings };
  "settings.write": { request: Settings; answer: Settings };
  "settings.diagnostics": { request: Nothing; answer: Diagnostics };
  "drafts.list": { request: Nothing; answer: Drafts };
  "drafts.read": { request: DraftRequest; answer: Draft };
  "drafts.write": { request: Draft; answer: Nothing };
  "job.cancel": { request: JobRequest; answer: Nothing };
}

/** Commands that start a job: `Started` at once, then messages. */
export interface Jobs {
  "model.download": { request: ModelRequest; progress: DownloadProgress; answer: Downloaded };
  "training.follow": { request: FollowRequest; progress: FollowProgress; answer: TrainingState };
  "predict.start": { request: PredictionRequest; progress: PredictionProgress; answer: PredictionSummary };
}
