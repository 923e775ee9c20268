// node nodemailer.mjs PORT CONNECTIONS MESSAGES LETTER.json MODULES: nodemailer's pool, as its manual says.
// LETTER.json has subject, text and html. It prints a record with the seconds and the CPU it took.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const [port, connections, messages, path, modules] = process.argv.slice(2);
const nodemailer = createRequire(modules + "/")("nodemailer");
const letter = JSON.parse(readFileSync(path, "utf8"));
const transporter = nodemailer.createTransport({
  host: "127.0.0.1", port: Number(port), secure: false, ignoreTLS: true,
  pool: true, maxConnections: Number(connections), maxMessages: Infinity,
});

async function lane(first) {
  for (let reader = first; reader < Number(messages); reader += Number(connections)) {
    await transporter.sendMail({
      from: letter.from, to: `reader${reader}@example.com`, subject: letter.subject,
      messageId: `<${reader}.bench@news.example.com>`,
      list: { unsubscribe: letter.unsubscribe, id: letter.listId },
      headers: { "List-Unsubscribe-Post": "List-Unsubscribe=One-Click" },
      text: letter.text.replaceAll("Ada", "Bob"), html: letter.html.replaceAll("Ada", "Bob"),
    });
  }
}

const began = performance.now(), used = process.cpuUsage();
await Promise.all([...Array(Number(connections)).keys()].map(lane));
const { user, system } = process.cpuUsage(used);
console.log(JSON.stringify({ seconds: (performance.now() - began) / 1e3, cpu: (user + system) / 1e6 }));
transporter.close();
