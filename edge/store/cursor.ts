/** Where a page of a list begins: after this row, newest first. */
export interface Cursor {
  createdAt: number;
  id: string;
}
