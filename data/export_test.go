package data

// ReadSample is readSample.
var ReadSample = readSample
