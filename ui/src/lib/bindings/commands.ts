// Generated from the Rust types by `cargo xtask docs`; a test fails while they differ. Do not edit.

import type {
  AdapterCheck,
  AdapterRequest,
  Adapters,
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
  Runs,
  Sample,
  SearchRequest,
  SearchResults,
  Settings,
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
}
