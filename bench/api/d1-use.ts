/** What one call asks of D1. Rows are counted as D1 bills them: index entries count. */
export interface D1Use {
  trips: number;
  statements: number;
  rowsRead: number;
  rowsWritten: number;
}
