/** A PDF before it is signed. */
export interface PdfOverview {
  /** What it has beside pages that always look the same. */
  readonly risks: PdfRisks;
  /** How many pages it has. */
  readonly pages: number;
  /** The rectangles of the first 10,000 pages before they are turned, as rectangles of appearances are, and by how many degrees they are turned clockwise. */
  readonly pageSizes: readonly {
    readonly left: number;
    readonly bottom: number;
    readonly right: number;
    readonly top: number;
    readonly rotation: 0 | 90 | 180 | 270;
  }[];
  /** Fields for signatures. */
  readonly signatureFields: readonly { readonly name: string; readonly isSigned: boolean }[];
}

/** What may show something else tomorrow, or elsewhere. */
export interface PdfRisks {
  /** Scripts. */
  readonly javaScript: boolean;
  /** A form of XFA, which may show other content than the pages. */
  readonly xfa: boolean;
  /** Layers that can be shown or hidden. */
  readonly optionalContent: boolean;
  /** Actions that start programs, open other files or addresses, or send the form. */
  readonly externalActions: boolean;
  /** Content that is in other files. */
  readonly externalContent: boolean;
  /** Files inside the document. */
  readonly embeddedFiles: boolean;
  /** Sound, films, three-dimensional or rich media. */
  readonly media: boolean;
  /** Something happens when it is opened, closed, printed or a field is used. */
  readonly automaticActions: boolean;
  /** Fields that can be filled in. */
  readonly formFields: boolean;
  /** Appearances of fields are made by each viewer for itself. */
  readonly viewerMadeAppearances: boolean;
  /** Bytes behind the end of the document. */
  readonly trailingBytes: boolean;
}
