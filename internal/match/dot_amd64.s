#include "textflag.h"

// dots widens 16 parts at a time to 16 bits, multiplies them with those of q
// and adds neighbours: sums of 32 bits in Y0 and Y1.
//
// func dots(out *int32, q *int16, all *byte, steps, n uintptr)
TEXT ·dots(SB), NOSPLIT, $0-40
	MOVQ out+0(FP), DX
	MOVQ q+8(FP), R8
	MOVQ all+16(FP), DI
	MOVQ steps+24(FP), R9
	MOVQ n+32(FP), BX

vector:
	MOVQ  R8, SI
	MOVQ  R9, CX
	VPXOR Y0, Y0, Y0
	VPXOR Y1, Y1, Y1

step:
	VPMOVSXBW (DI), Y2
	VPMOVSXBW 16(DI), Y3
	VPMADDWD  (SI), Y2, Y2
	VPMADDWD  32(SI), Y3, Y3
	VPADDD    Y2, Y0, Y0
	VPADDD    Y3, Y1, Y1
	ADDQ      $32, DI
	ADDQ      $64, SI
	DECQ      CX
	JNZ       step

	VPADDD       Y1, Y0, Y0
	VEXTRACTI128 $1, Y0, X1
	VPADDD       X1, X0, X0
	VPSHUFD      $0x4E, X0, X1
	VPADDD       X1, X0, X0
	VPSHUFD      $0xB1, X0, X1
	VPADDD       X1, X0, X0
	VMOVD        X0, (DX)
	ADDQ         $4, DX
	DECQ         BX
	JNZ          vector
	VZEROUPPER
	RET
