/** Texts of the window around the screens. */
export const shell = {
  'shell.skip': 'Skip to the content',
  'shell.navigation': 'Screens',
  'shell.project': 'Project',
  'shell.done': 'done',
  'shell.drop.data': 'Drop to train on these sequences',
  'shell.drop.hint': 'FASTA, FASTQ, CSV, TSV, XLSX, JSON lines, Parquet; compressed or not',
  'shell.drop.handing': 'Handing the files over…',
  'screen.home': 'Home',
  'screen.data': 'Data',
  'screen.model': 'Model',
  'screen.method': 'Method',
  'screen.train': 'Train',
  'screen.results': 'Results',
  'screen.predict': 'Predict',
  'screen.adapters': 'Adapters',
  'screen.settings': 'Settings',
} as const;
