#include "textflag.h"

// multiply4 keeps four rows of sixteen sums in Y0 to Y7. Each step loads one
// row of the panel and multiplies it with one number of each row of in.
//
// func multiply4(steps uintptr, in *float32, inStride uintptr, panel *float32, out *float32, outStride uintptr)
TEXT ·multiply4(SB), NOSPLIT, $0-48
	MOVQ steps+0(FP), CX
	MOVQ in+8(FP), SI
	MOVQ inStride+16(FP), AX
	MOVQ panel+24(FP), DI
	MOVQ out+32(FP), DX
	MOVQ outStride+40(FP), BX
	LEAQ (SI)(AX*1), R8
	LEAQ (SI)(AX*2), R9
	LEAQ (R8)(AX*2), R10
	LEAQ (DX)(BX*1), R11
	LEAQ (DX)(BX*2), R12
	LEAQ (R11)(BX*2), R13
	VMOVUPS (DX), Y0
	VMOVUPS 32(DX), Y1
	VMOVUPS (R11), Y2
	VMOVUPS 32(R11), Y3
	VMOVUPS (R12), Y4
	VMOVUPS 32(R12), Y5
	VMOVUPS (R13), Y6
	VMOVUPS 32(R13), Y7

step4:
	VMOVUPS      (DI), Y8
	VMOVUPS      32(DI), Y9
	VBROADCASTSS (SI), Y10
	VBROADCASTSS (R8), Y11
	VBROADCASTSS (R9), Y12
	VBROADCASTSS (R10), Y13
	VFMADD231PS  Y8, Y10, Y0
	VFMADD231PS  Y9, Y10, Y1
	VFMADD231PS  Y8, Y11, Y2
	VFMADD231PS  Y9, Y11, Y3
	VFMADD231PS  Y8, Y12, Y4
	VFMADD231PS  Y9, Y12, Y5
	VFMADD231PS  Y8, Y13, Y6
	VFMADD231PS  Y9, Y13, Y7
	ADDQ         $64, DI
	ADDQ         $4, SI
	ADDQ         $4, R8
	ADDQ         $4, R9
	ADDQ         $4, R10
	DECQ         CX
	JNZ          step4
	VMOVUPS      Y0, (DX)
	VMOVUPS      Y1, 32(DX)
	VMOVUPS      Y2, (R11)
	VMOVUPS      Y3, 32(R11)
	VMOVUPS      Y4, (R12)
	VMOVUPS      Y5, 32(R12)
	VMOVUPS      Y6, (R13)
	VMOVUPS      Y7, 32(R13)
	VZEROUPPER
	RET

// multiply1 is multiply4 for the rows that are left over.
//
// func multiply1(steps uintptr, in *float32, panel *float32, out *float32)
TEXT ·multiply1(SB), NOSPLIT, $0-32
	MOVQ    steps+0(FP), CX
	MOVQ    in+8(FP), SI
	MOVQ    panel+16(FP), DI
	MOVQ    out+24(FP), DX
	VMOVUPS (DX), Y0
	VMOVUPS 32(DX), Y1

step1:
	VBROADCASTSS (SI), Y8
	VFMADD231PS  (DI), Y8, Y0
	VFMADD231PS  32(DI), Y8, Y1
	ADDQ         $64, DI
	ADDQ         $4, SI
	DECQ         CX
	JNZ          step1
	VMOVUPS      Y0, (DX)
	VMOVUPS      Y1, 32(DX)
	VZEROUPPER
	RET
