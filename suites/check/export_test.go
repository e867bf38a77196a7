package check

// For the tests of the catalogue's indexes.
var FirstIndex = firstIndex

const PayloadsPerCheck = payloadsPerCheck
