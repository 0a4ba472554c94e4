/** Day and time of a moment of RFC 3339, in this computer's time zone: in the order of the country, with western digits as on cards. */
export function moment(text: string): { date: string; time: string } {
  const at = new Date(text);
  return {
    date: `${two(at.getDate())}/${two(at.getMonth() + 1)}/${at.getFullYear()}`,
    time: `${two(at.getHours())}:${two(at.getMinutes())}`,
  };
}

function two(number: number): string {
  return String(number).padStart(2, "0");
}
