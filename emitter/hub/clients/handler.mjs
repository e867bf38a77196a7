// A handler that keeps what it is sent, and answers as it is told to.
import http from "node:http";

export async function startHandler() {
  const arrived = [];
  const handler = { arrived, status: 200 };
  const server = http.createServer((request, response) => {
    const parts = [];
    request.on("data", (part) => parts.push(part));
    request.on("end", () => {
      arrived.push({ headers: request.headers, body: Buffer.concat(parts).toString() });
      response.statusCode = handler.status;
      response.end();
    });
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  handler.url = `http://127.0.0.1:${server.address().port}/webhook`;
  handler.close = () => server.close();
  return handler;
}
