/** A request that is not granted. What people read is `refused-CODE` in the texts. */
export class Refused extends Error {
  /**
   * @param {string} code
   * @param {number} status
   * @param {string} detail for the log
   */
  constructor(code, status = 400, detail = "") {
    super(`${code} ${detail}`.trim());
    this.code = code;
    this.status = status;
  }
}
