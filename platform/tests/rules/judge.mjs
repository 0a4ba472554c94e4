// What Node says of addresses and times: it reads cases as JSON and prints its answers in their order.
import { BlockList, isIPv4 } from "node:net";
import { readFileSync } from "node:fs";

const { addresses, times } = JSON.parse(readFileSync(0, "utf8"));

const family = (address) => (isIPv4(address) ? "ipv4" : "ipv6");
const inside = ([range, address]) => {
  const [network, bits] = range.split("/");
  const list = new BlockList();
  list.addSubnet(network, Number(bits), family(network));
  return list.check(address, family(address));
};

const local = ([zone, seconds]) => {
  const options = { timeZone: zone, weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  const parts = new Intl.DateTimeFormat("en-GB", options).formatToParts(new Date(seconds * 1000));
  const part = (type) => parts.find((each) => each.type === type).value;
  return [part("weekday").toLowerCase(), `${part("hour")}:${part("minute")}`];
};

process.stdout.write(JSON.stringify({ addresses: addresses.map(inside), times: times.map(local) }));
