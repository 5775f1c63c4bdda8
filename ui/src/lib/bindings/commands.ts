// Generated from the Rust types by `cargo xtask docs`; a test fails while they differ. Do not edit.

import type {
  AdapterCheck,
  AdapterRequest,
  Adapters,
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
  ExportRequest,
  Exported,
  FollowProgress,
  FollowRequest,
  JobRequest,
  Match,
  MatchRequest,
  MergeRequest,
  Merged,
  MethodDescription,
  ModelList,
  ModelReport,
  ModelRequest,
  Nothing,
  Overview,
  RunRequest,
  Runs,
  Sample,
  SearchRequest,
  SearchResults,
  Settings,
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
}
