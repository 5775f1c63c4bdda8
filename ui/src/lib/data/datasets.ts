/** Whether a text names a data set of the Hub: `owner/name`, or `owner/name:configuration` where it has several. */
export function isDataSet(text: string): boolean {
  return /^[\w.-]+\/[\w.-]+(:\S.*)?$/.test(text);
}

/** A data set with one of its configurations, in the place of the one that its name may carry. */
export function withConfiguration(name: string, configuration: string): string {
  return `${name.split(':', 1)[0] ?? name}:${configuration}`;
}
